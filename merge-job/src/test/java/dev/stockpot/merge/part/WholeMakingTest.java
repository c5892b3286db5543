package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Whole;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tensors that are made of whole ones, in the memory that their works say they take. */
class WholeMakingTest {
  private static final int SIDE = 96;
  private static final Shape SQUARE = Shape.of(SIDE, SIDE);

  /** {@code aᵀ b}, or, of one input, its Cholesky factor. */
  private record Product(int order) implements MatrixProgram {
    @Override
    public Demand demand() {
      Demand one = Demand.matrix(order, order);
      return one.and(one).and(Demand.product(order, order, order));
    }

    @Override
    public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
      Matrix a = inputs.get(0).matrix(algebra);
      Matrix b = inputs.get(inputs.size() - 1).matrix(algebra);
      output.write(
          algebra,
          inputs.size() == 1
              ? algebra.cholesky(a, 0).lower()
              : algebra.multiply(a.transposed(), b));
    }
  }

  private static Whole product(String name, DType type, Stored... inputs) {
    return new Whole(
        new OutputTensor(name, type, SQUARE), List.of(inputs), new Product(SIDE), Rounding.NEAREST);
  }

  private static Stored identity(PartBench bench, String name, float scale) {
    float[] elements = new float[SIDE * SIDE];
    for (int i = 0; i < SIDE; i++) {
      elements[i * SIDE + i] = scale;
    }
    return bench.stored(name, SQUARE, elements);
  }

  private static PartSettings settings(long taskBytes) {
    return new PartSettings(1 << 12, taskBytes, false, false);
  }

  @Test
  void severalFitIntoTheMemoryOfTheLargest() throws IOException {
    long bytes;
    try (PartBench free = new PartBench(Long.MAX_VALUE)) {
      Stored a = free.counting("a", SIDE, SIDE);
      bytes = product("t", DType.F32, a, a).memory();
    }
    try (PartBench bench = new PartBench(bytes)) {
      Stored a = bench.counting("a", SIDE, SIDE);
      Stored twice = identity(bench, "b", 2);
      Whole first = product("t", DType.F32, twice, a);
      Whole second = product("u", DType.F32, a, twice);
      assertThat(first.problem(bytes)).isEmpty();
      assertThat(first.problem(bytes - 1))
          .hasValueSatisfying(why -> assertThat(why).contains("raise task-memory"));

      float[] made = bench.made(settings(bytes), whole(first), whole(second));

      assertThat(made[SIDE + 1]).isEqualTo(2 * (SIDE + 1));
      assertThat(made[SIDE * SIDE + 1]).isEqualTo(2 * SIDE); // of the transpose
    }
  }

  @Test
  void bfloat16IsRoundedOnceFromFloat64() throws IOException {
    try (PartBench bench = new PartBench(Long.MAX_VALUE)) {
      float[] one = new float[SIDE * SIDE];
      float[] other = new float[SIDE * SIDE];
      one[0] = 1;
      other[0] = 1 + 0x1p-8f; // between two numbers of bfloat16
      one[SIDE] = 0x1p-20f;
      other[SIDE] = 0x1p-20f; // a little more, which float32 would lose
      Whole work =
          product(
              "t", DType.BF16, bench.stored("a", SQUARE, one), bench.stored("b", SQUARE, other));

      ByteBuffer made =
          bench.made(bench.runner(settings(1 << 22)), List.of(List.of(whole(work)))).get(0);

      assertThat(made.getShort(0)).isEqualTo((short) 0x3F81);
    }
  }

  @Test
  void float64KeepsItsDigits() throws IOException {
    try (PartBench bench = new PartBench(Long.MAX_VALUE)) {
      Stored third = identity(bench, "a", 1 / 3f);
      ByteBuffer made =
          bench
              .made(
                  bench.runner(settings(1 << 22)),
                  List.of(List.of(whole(product("t", DType.F64, third, third)))))
              .get(0);

      assertThat(made.getDouble(0)).isEqualTo((double) (1 / 3f) * (1 / 3f));
    }
  }

  @Test
  void numbersWithoutAResultNameTheTensorAndLeaveNoMemory() {
    try (PartBench bench = new PartBench(Long.MAX_VALUE)) {
      Stored negative = identity(bench, "a", -1);
      assertThatThrownBy(
              () -> bench.made(settings(1 << 22), whole(product("t", DType.F32, negative))))
          .returns(FailureKind.MODEL, thrown -> ((UserException) thrown).kind())
          .hasMessageStartingWith("t cannot be made: mean of the diagonal of Matrix[96 x 96] is -")
          .hasMessageEndingWith("Look at its inputs, models and statistics");
    }
  }
}
