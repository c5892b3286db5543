package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.PostProgram;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.methods.average.AverageMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Blockwise;
import dev.stockpot.merge.plan.Revised;
import dev.stockpot.merge.plan.Viewed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Merges with steps behind them, in the memory that their works say they take. */
class RevisedMakingTest {
  private static final int SIDE = 64;
  private static final Shape SQUARE = Shape.of(SIDE, SIDE);

  /** Adds a multiple of one of the models to what was merged. */
  private record Plus(int model, double factor) implements PostProgram {
    @Override
    public Demand demand() {
      return Demand.matrix(SIDE, SIDE).each(2);
    }

    @Override
    public void change(Matrices algebra, List<WholeTensor> models, WholeTensor merged) {
      try (Matrix made = merged.matrix(algebra);
          Matrix more = models.get(model).matrix(algebra)) {
        algebra.addScaled(factor, more, made);
        merged.write(algebra, made);
      }
    }
  }

  /** One that no numbers satisfy. */
  private record Never() implements PostProgram {
    @Override
    public Demand demand() {
      return Demand.NONE;
    }

    @Override
    public void change(Matrices algebra, List<WholeTensor> models, WholeTensor merged) {
      throw new IllegalArgumentException("no spectrum");
    }
  }

  private static Revised revised(
      String name,
      DType type,
      List<TensorSource> beside,
      Stored a,
      Stored b,
      PostProgram... steps) {
    Blockwise sum =
        new Blockwise(
            new OutputTensor(name, DType.F64, SQUARE),
            List.of(a, b),
            AverageMethods.weightedSum(List.of(0, 1), List.of(1f, 1f), 1),
            Rounding.NEAREST,
            Blockwise.NO_ORIGIN,
            Blockwise.Sides.NONE);
    Viewed viewed = new Viewed(2, Blockwise.NO_ORIGIN);
    return new Revised(
        new OutputTensor(name, type, SQUARE),
        sum,
        new Revised.After(List.of(steps), viewed, beside),
        Rounding.NEAREST);
  }

  private static PartSettings settings(long taskBytes) {
    return new PartSettings(1 << 12, taskBytes, false, false);
  }

  @Test
  void stepsSeeModelsAndWhatLiesBeside() throws IOException {
    try (PartBench bench = new PartBench(Long.MAX_VALUE)) {
      Stored a = bench.counting("a", SIDE, SIDE);
      Stored b = bench.counting("b", SIDE, SIDE);
      Stored base = bench.counting("base", SIDE, SIDE);
      Revised work =
          revised("t", DType.F32, List.of(base), a, b, new Plus(1, 0.5), new Plus(2, 10));

      float[] made = bench.made(settings(1 << 22), whole(work));

      for (int i = 0; i < made.length; i++) {
        assertThat(made[i]).isEqualTo(i * 12.5f); // 1 + 1 + 0.5 + 10
      }
    }
  }

  @Test
  void itFitsIntoTheMemoryThatItSaysItTakes() throws IOException {
    long bytes;
    try (PartBench free = new PartBench(Long.MAX_VALUE)) {
      Stored a = free.counting("a", SIDE, SIDE);
      bytes = revised("t", DType.BF16, List.of(), a, a, new Plus(0, 1)).memory();
    }
    try (PartBench bench = new PartBench(bytes)) {
      Stored a = bench.counting("a", SIDE, SIDE);
      Stored b = bench.counting("b", SIDE, SIDE);
      Revised work = revised("t", DType.BF16, List.of(), a, b, new Plus(0, 1));
      assertThat(work.problem(work.memory())).isEmpty();
      assertThat(work.problem(work.memory() - 1))
          .hasValueSatisfying(
              why ->
                  assertThat(why)
                      .startsWith("steps of `post` take it whole, of all models and as matrices: ")
                      .endsWith("raise task-memory"));

      ByteBuffer made =
          bench.made(bench.runner(settings(work.memory())), List.of(List.of(whole(work)))).get(0);
      assertThat(made.getShort(2)).isEqualTo((short) 0x4040); // 3
    }
  }

  @Test
  void itIsRoundedOnceAtTheEnd() throws IOException {
    try (PartBench bench = new PartBench(Long.MAX_VALUE)) {
      float[] one = new float[SIDE * SIDE];
      float[] tiny = new float[SIDE * SIDE];
      one[0] = 1 + 0x1p-8f; // between two numbers of bfloat16
      tiny[0] = 0x1p-40f; // more than float32 would keep beside it
      Stored a = bench.stored("a", SQUARE, one);
      Stored zero = bench.stored("b", SQUARE, new float[SIDE * SIDE]);
      Stored beside = bench.stored("c", SQUARE, tiny);
      Revised work = revised("t", DType.BF16, List.of(beside), a, zero, new Plus(2, 1));

      ByteBuffer made =
          bench.made(bench.runner(settings(1 << 22)), List.of(List.of(whole(work)))).get(0);

      assertThat(made.getShort(0)).isEqualTo((short) 0x3F81);
    }
  }

  @Test
  void float64KeepsItsDigits() throws IOException {
    try (PartBench bench = new PartBench(Long.MAX_VALUE)) {
      Stored a = bench.counting("a", SIDE, SIDE);
      Revised work = revised("t", DType.F64, List.of(), a, a, new Plus(0, 0x1p-40));

      ByteBuffer made =
          bench.made(bench.runner(settings(1 << 22)), List.of(List.of(whole(work)))).get(0);

      assertThat(made.getDouble(8)).isEqualTo(2 + 0x1p-40);
    }
  }

  @Test
  void aStepWithoutAResultNamesTheTensor() {
    try (PartBench bench = new PartBench(Long.MAX_VALUE)) {
      Stored a = bench.counting("a", SIDE, SIDE);
      Revised work = revised("t", DType.F32, List.of(), a, a, new Never());

      assertThatThrownBy(() -> bench.made(settings(1 << 22), whole(work)))
          .isInstanceOf(UserException.class)
          .hasMessageStartingWith("t cannot be made: no spectrum");
    }
  }

  @Test
  void aMergeInFewerDigitsIsRefused() {
    try (PartBench bench = new PartBench(Long.MAX_VALUE)) {
      Stored a = bench.counting("a", SIDE, SIDE);
      Revised work = revised("t", DType.F32, List.of(), a, a, new Plus(0, 1));
      Revised.After after = work.after();
      OutputTensor output = work.output();

      assertThatThrownBy(() -> new Revised(output, work, after, Rounding.NEAREST))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is revised of");
    }
  }
}
