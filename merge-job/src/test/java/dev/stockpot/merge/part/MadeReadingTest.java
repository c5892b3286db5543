package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.sum;
import static dev.stockpot.merge.part.PartBench.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Blockwise;
import dev.stockpot.merge.plan.SliceTask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stages that look at a whole tensor first are made on the way, as if they had been written. */
class MadeReadingTest {
  private static final int CHUNK = 4_096;
  private static final long MEMORY = 4 << 20;
  private static final PartSettings SETTINGS = new PartSettings(CHUNK, MEMORY, false, false);
  private static final Shape SHAPE = Shape.of(130, 97);

  private final PartBench bench = new PartBench(MEMORY);
  private final Stored base = random("base", 0);
  private final Stored first = random("first", 1);
  private final Stored second = random("second", 2);

  @AfterEach
  void everyBufferWasReturned() {
    bench.close();
  }

  private Stored random(String name, long seed) {
    Random random = new Random(seed);
    float[] elements = new float[Math.toIntExact(SHAPE.elements())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) random.nextGaussian();
    }
    return bench.stored(name, SHAPE, elements);
  }

  private static MergeProgram program(String method, OptionalInt base, int models) {
    boolean isSlerp = method.equals("slerp");
    List<ParameterValues> each =
        Collections.nCopies(
            models,
            isSlerp
                ? ParameterValues.NONE
                : new ParameterValues(
                    Map.of("weight", 0.7, "density", 0.4, "epsilon", 0.1, "gamma", 0.1)));
    Map<String, Object> merge =
        isSlerp
            ? Map.of("t", 0.3)
            : Map.of("normalize", false, "lambda", 1.0, "rescale", "l1", "reading", "mergekit");
    return MergeMethods.named(method)
        .orElseThrow()
        .program(new TensorTerms("w", SHAPE, 0, each, base, new ParameterValues(merge), 7));
  }

  private Made stage(String method, DType dtype, TensorSource... inputs) {
    MergeProgram program = program(method, OptionalInt.of(0), inputs.length);
    return new Made("w", dtype, SHAPE, List.of(inputs), program, Rounding.NEAREST, method);
  }

  /** What a stage would have written, stored. */
  private Stored written(Made stage, String name) throws IOException {
    Blockwise work =
        new Blockwise(
            new OutputTensor("w", DType.F32, SHAPE),
            stage.inputs(),
            stage.program(),
            Rounding.NEAREST,
            Blockwise.NO_ORIGIN,
            Blockwise.Sides.NONE);
    float[] made = bench.made(SETTINGS, whole(work));
    for (int i = 0; i < made.length && stage.dtype() == DType.BF16; i++) {
      made[i] = Bfloat16.toFloat(Bfloat16.fromFloat(made[i]));
    }
    return bench.stored(name, SHAPE, made);
  }

  @ParameterizedTest
  @CsvSource({
    "ties, F32",
    "ties, BF16",
    "dare_ties, BF16",
    "della, F32",
    "slerp, BF16",
    "task_arithmetic, F32"
  })
  void areWhatTheyWouldHaveWritten(String method, DType dtype) throws IOException {
    Made stage = stage(method, dtype, base, first);
    Stored stored = written(stage, "stored");
    long before = bench.store().bytesRead();

    float[] onTheWay = bench.made(SETTINGS, whole(sum("t", List.of(stage, second), 0.25, 0.5)));

    assertThat(bench.store().bytesRead() - before).isEqualTo(3 * 4 * SHAPE.elements());
    assertThat(onTheWay)
        .containsExactly(bench.made(SETTINGS, whole(sum("t", List.of(stored, second), 0.25, 0.5))));
  }

  @Test
  void threeInARowAreThoseThatAreMadeOneByOne() throws IOException {
    Made ties = stage("ties", DType.BF16, base, first, second);
    Made slerp = stage("slerp", DType.BF16, ties, second);
    Stored storedTies = written(ties, "t");
    Stored storedSlerp = written(stage("slerp", DType.BF16, storedTies, second), "s");
    long before = bench.store().bytesRead();

    float[] onTheWay = bench.made(SETTINGS, whole(sum("t", List.of(slerp, first), 1, 1)));

    assertThat(bench.store().bytesRead() - before).isEqualTo(3 * 4 * SHAPE.elements());
    assertThat(onTheWay)
        .containsExactly(bench.made(SETTINGS, whole(sum("t", List.of(storedSlerp, first), 1, 1))));
  }

  @Test
  void whatTwoStagesReadIsReadOnce() throws IOException {
    Made one = stage("linear", DType.F32, first, second);
    Made other = stage("slerp", DType.F32, first, second);
    Made both = stage("linear", DType.F32, one, other, one);

    bench.made(SETTINGS, whole(sum("t", List.of(both, one, second), 1, 1, 1)));

    assertThat(bench.store().bytesRead()).isEqualTo(2 * 4 * SHAPE.elements());
  }

  @Test
  void aPieceOfAViewIsThatOfTheWhole() throws IOException {
    TensorSource columns = stage("ties", DType.F32, base, first).section(1, 3, 90).transposed();
    float[] all = bench.made(SETTINGS, whole(sum("t", List.of(columns), 1)));

    SliceTask slice = new SliceTask(sum("t", List.of(columns), 1), new ElementSpan(1_000, 600));
    float[] part = bench.made(SETTINGS, slice);

    for (int i = 0; i < part.length; i++) {
      assertThat(part[i]).isEqualTo(all[1_000 + i]);
    }
  }

  @Test
  void aModelThatIsListedTwiceIsReadOnce() throws IOException {
    float[] made = bench.made(SETTINGS, whole(sum("t", List.of(first, second, first), 1, 0, 1)));

    assertThat(bench.store().bytesRead()).isEqualTo(2 * 4 * SHAPE.elements());
    assertThat(made).containsExactly(bench.made(SETTINGS, whole(sum("t", List.of(first), 2))));
  }

  @Test
  void theMemoryOfNestedStagesIsThatOfAllTheirTensors() {
    Made ties = stage("ties", DType.F32, base, first, second);
    Made slerp = stage("slerp", DType.BF16, ties, second);
    long tensor = Footprint.pages(4 * SHAPE.elements());
    long half = Footprint.pages(2 * SHAPE.elements());

    assertThat(ties.footprint(ElementSpan.all(SHAPE)).memory()).isEqualTo(4 * tensor);
    assertThat(ties.footprint(new ElementSpan(5, 1)).memory())
        .isEqualTo(4 * tensor + Footprint.PAGE_BYTES);
    assertThat(slerp.footprint(ElementSpan.all(SHAPE)).memory()).isEqualTo(5 * tensor + half);
    assertThat(ties.isWhole()).isTrue();
    assertThat(ties.reshaped(Shape.of(SHAPE.elements())).isWhole()).isTrue();
    assertThat(ties.streams()).isFalse();
  }

  @Test
  void whatMergesElementByElementStreams() {
    Made linear = stage("linear", DType.F32, first, second);
    List<Boolean> streams =
        new ArrayList<>(List.of(linear.streams(), linear.transposed().streams()));

    assertThat(streams).containsExactly(true, false);
    assertThat(linear.isWhole()).isFalse();
    assertThat(linear.footprint(new ElementSpan(5, 1)).bytesRead()).isEqualTo(8);
  }
}
