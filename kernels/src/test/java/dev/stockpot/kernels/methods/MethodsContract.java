package dev.stockpot.kernels.methods;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.methods.taskvector.LargeTensors;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is asked of a device: by every method the bytes that the scalar kernels give. */
public abstract class MethodsContract {
  private static final int ROWS = 3;
  private static final int COLUMNS = 700;
  private static final int LARGE = Block.REDUCTION_ELEMENTS + 4_096 + 17;

  protected abstract KernelProvider provider();

  static Stream<EveryMethod> methods() {
    return EveryMethod.all().stream();
  }

  /** Those whose blocks may hold several reduction blocks, of which one has sums, one ranks. */
  static Stream<EveryMethod> statistics() {
    return methods()
        .filter(each -> Stream.of("slerp", "ties", "model_stock").anyMatch(each.method()::equals));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void ordinaryNumbers(EveryMethod each) {
    float[][] tensors = new float[each.inputs()][];
    Arrays.setAll(tensors, i -> Samples.normal(ROWS * COLUMNS, 0.05, i));
    assertSame(each, ROWS, COLUMNS, DType.BF16, tensors);
    assertSame(each, ROWS, COLUMNS, DType.F32, tensors);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void numbersOfEveryKind(EveryMethod each) {
    float[][] tensors = new float[each.inputs()][];
    Arrays.setAll(tensors, i -> Samples.awkward(ROWS * COLUMNS, i));
    assertSame(each, ROWS, COLUMNS, DType.F16, tensors);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void manyEqualMagnitudes(EveryMethod each) {
    float[][] tensors = new float[each.inputs()][];
    Arrays.setAll(tensors, i -> Samples.tied(ROWS * COLUMNS, i));
    assertSame(each, ROWS, COLUMNS, DType.BF16, tensors);
  }

  @ParameterizedTest
  @CsvSource({
    "model_stock, filter_wise, true",
    "nuslerp, nuslerp_row_wise, false",
    "nuslerp, nuslerp_row_wise, true"
  })
  void rowsAndColumnsByThemselves(String method, String parameter, boolean value) {
    EveryMethod each = methods().filter(it -> it.method().equals(method)).findFirst().get();
    Object[] parameters =
        method.equals("nuslerp")
            ? new Object[] {"nuslerp_flatten", false, parameter, value}
            : new Object[] {parameter, value};
    for (int columns : new int[] {33, COLUMNS, 4_096}) {
      Terms terms = each.terms(ROWS, columns, parameters);
      float[][] tensors = new float[each.inputs()][];
      Arrays.setAll(tensors, i -> Samples.normal(ROWS * columns, 0.05, i));
      assertSame(terms, DType.BF16, tensors);
      Arrays.setAll(tensors, i -> Samples.awkward(ROWS * columns, i));
      assertSame(terms, DType.F16, tensors);
    }
  }

  @ParameterizedTest
  @MethodSource("statistics")
  void largeTensors(EveryMethod each) {
    float[][] tensors = new float[4][];
    Arrays.setAll(tensors, i -> Samples.normal(LARGE, 0.05, i));
    assertSame(each, 1, LARGE, DType.BF16, tensors);
  }

  /** So large that thresholds are looked for in a sample first. */
  @ParameterizedTest
  @EnumSource(names = {"BF16", "F32"})
  void thresholdsOfLargeTensors(DType type) {
    int count = LargeTensors.FEWEST_SAMPLED + Block.REDUCTION_ELEMENTS / 2;
    MethodRun ties =
        MethodRun.all(1).stream().filter(run -> run.method().equals("ties")).findFirst().get();
    try (Operands operands = new Operands()) {
      List<Operand> inputs = ties.inputs(operands, type, count);
      Operand output = operands.zeros(type, count);
      ties.run(provider(), inputs, output);
      Operand expected = operands.zeros(type, count);
      ties.run(new ScalarProvider(), inputs, expected);
      assertThat(Operands.bytes(output)).isEqualTo(Operands.bytes(expected));
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void severalPassesWithTheSameKernels(MethodRun run) {
    int count = 2 * 4_096;
    try (Operands operands = new Operands()) {
      for (DType type : new DType[] {DType.BF16, DType.F32}) {
        List<Operand> inputs = run.inputs(operands, type, count);
        Operand output = operands.zeros(type, count);
        run.run(provider(), inputs, output);
        Operand expected = operands.zeros(type, count);
        run.run(new ScalarProvider(), inputs, expected);
        assertThat(Operands.bytes(output)).isEqualTo(Operands.bytes(expected));
      }
    }
  }

  static Stream<MethodRun> runs() {
    return MethodRun.all().stream();
  }

  private void assertSame(EveryMethod each, int rows, int columns, DType type, float[]... tensors) {
    assertSame(each.terms(rows, columns), type, Arrays.copyOf(tensors, each.inputs()));
  }

  private void assertSame(Terms terms, DType type, float[]... inputs) {
    assertSameBits(
        Merging.by(provider()).in(type).merge(terms, inputs),
        Merging.by(new ScalarProvider()).in(type).merge(terms, inputs));
  }
}
