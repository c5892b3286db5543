package dev.stockpot.kernels.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Parameter.Scope;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SidesTest {
  private static final SideInput FISHER =
      SideInput.required("fisher_diag", Scope.MODEL, Set.of(DType.F32, DType.F64), "For tests.");
  private static final SideInput MOMENTUM =
      SideInput.optional("m", Scope.MERGE, SideInput.READABLE, "For tests.");

  private static TensorTerms terms(SideInput.Given... sides) {
    return new TensorTerms(
        "x",
        Shape.of(4),
        0,
        List.of(ParameterValues.NONE, ParameterValues.NONE, ParameterValues.NONE),
        OptionalInt.of(0),
        ParameterValues.NONE,
        7,
        List.of(sides),
        TensorRole.INNER);
  }

  @Test
  void sideInputsFollowTheModelsAmongTheOperands() {
    TensorTerms terms =
        terms(
            SideInput.Given.of(FISHER, 1),
            SideInput.Given.of(FISHER, 2),
            SideInput.Given.of(MOMENTUM));

    assertThat(terms.sideOf(FISHER, 1)).hasValue(3);
    assertThat(terms.sideOf(FISHER, 2)).hasValue(4);
    assertThat(terms.sideOf(MOMENTUM)).hasValue(5);
  }

  @Test
  void aSideInputThatIsNotThereHasNoPlace() {
    assertThat(terms(SideInput.Given.of(FISHER, 1)).sideOf(MOMENTUM)).isEmpty();
    assertThat(terms(SideInput.Given.of(FISHER, 1)).sideOf(FISHER, 2)).isEmpty();
  }

  @Test
  void storedTypesThatASideInputMayNotHaveAreNamed() {
    assertThat(FISHER.problemWith(DType.F32)).isEmpty();
    assertThat(FISHER.problemWith(DType.BF16))
        .contains("is BF16, but fisher_diag must be one of [F32, F64]");
    assertThat(MOMENTUM.problemWith(DType.BF16)).isEmpty();
    assertThat(MOMENTUM.isRequired()).isFalse();
  }

  @Test
  void refusesTypesThatKernelsCannotRead() {
    assertThatThrownBy(
            () -> SideInput.required("labels", Scope.MERGE, Set.of(DType.I64), "For tests."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("side input labels may be of [I64], must be some of");
    assertThatThrownBy(() -> new SideOutput("labels", DType.I64, "For tests."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("side output labels is I64, which kernels cannot store");
  }

  @Test
  void oneMergeFillsSeveralOutputs() {
    try (Operands operands = new Operands();
        Kernels<?> kernels = new ScalarProvider().open()) {
      Operand input = operands.of(DType.F32, 1, 2, 3);
      Operand merged = operands.zeros(DType.F32, 3);
      Operand doubled = operands.zeros(DType.F32, 3);

      doubling(kernels).merge(new Block(0, 0, 3), List.of(input), List.of(merged, doubled));

      assertThat(Operands.floats(merged)).containsExactly(1, 2, 3);
      assertThat(Operands.floats(doubled)).containsExactly(2, 4, 6);
    }
  }

  @Test
  void anotherNumberOfOutputsIsRefused() {
    BlockMerge one = (block, inputs, output) -> {};
    try (Operands operands = new Operands();
        Kernels<?> kernels = new ScalarProvider().open()) {
      Operand output = operands.zeros(DType.F32, 1);

      assertThatThrownBy(() -> one.merge(new Block(0, 0, 1), List.of(), List.of(output, output)))
          .hasMessage("there are 2 outputs, but the merge makes one");
      Block block = new Block(0, 0, 1);
      assertThatThrownBy(() -> doubling(kernels).merge(block, List.of(output), output))
          .hasMessage("there is one output of %s, but the merge makes several".formatted(block));
    }
  }

  @Test
  void aSingleOutputNeedsNoMoreThanALambda() {
    try (Operands operands = new Operands()) {
      Operand output = operands.zeros(DType.F32, 1);
      int[] calls = {0};
      BlockMerge one = (block, inputs, only) -> calls[0]++;

      one.merge(new Block(0, 0, 1), List.of(), List.of(output));

      assertThat(calls[0]).isOne();
    }
  }

  @Test
  void scopesOfScansAreNamedWhereTheyAreGroups() {
    assertThat(ScanScope.TENSOR.isShared()).isFalse();
    assertThat(ScanScope.MODEL.isShared()).isTrue();
    assertThat(ScanScope.group("layer 3")).isEqualTo(ScanScope.group("layer 3"));
    assertThat(ScanScope.group("layer 3")).isNotEqualTo(ScanScope.group("layer 4"));
    assertThatThrownBy(() -> ScanScope.group(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("scope GROUP with the group ''");
    assertThatThrownBy(() -> new ScanScope(ScanScope.Kind.MODEL, "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static <V> BlockMerge doubling(Kernels<V> kernels) {
    V vector = kernels.vector();
    return BlockMerge.intoSeveral(
        (block, inputs, outputs) -> {
          kernels.begin(block);
          kernels.load(inputs.get(0), vector);
          kernels.store(vector, outputs.get(0));
          kernels.scale(vector, 2, vector);
          kernels.store(vector, outputs.get(1));
        });
  }
}
