package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.SideOutput;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Numbers;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Merges of one shape, copies and generated tensors, as works. */
class BlockwiseTest {
  private static final TensorSource A = Works.stored("a", DType.F32, 32, 32);
  private static final TensorSource B = Works.stored("b", DType.BF16, 32, 32);
  private static final TensorSource FISHER = Works.stored("f", DType.F32, 32, 32);
  private static final TensorSource TURNED = Works.stored("t", DType.F32, 16, 64);
  private static final List<SideOutput> MADE =
      List.of(Works.side("total", DType.F32), Works.side("count", DType.F64));

  private static Blockwise withSides() {
    return Works.sum(DType.BF16, A, B).with(new Blockwise.Sides(List.of(FISHER), MADE));
  }

  @Test
  void makesATensorOfItsNameForEachSideOutput() {
    assertThat(withSides().outputs())
        .containsExactly(
            Works.output(DType.BF16, 32, 32),
            Works.output(DType.F32, 32, 32),
            Works.output(DType.F64, 32, 32));
    assertThat(withSides().sideNames()).containsExactly("total", "count");
    assertThat(Works.sum(DType.BF16, A).sideNames()).isEmpty();
  }

  @Test
  void readsSideInputsBehindTheModels() {
    assertThat(withSides().inputs()).extracting(Input::source).containsExactly(A, B, FISHER);
  }

  @Test
  void countsSideOutputsWhereMemoryIsCounted() {
    long outputs = 1 + 1 + 2; // pages of 2, 4 and 8 KiB
    long inputs = 1 + 1 + 1;

    assertThat(withSides().outputBytes(withSides().all())).isEqualTo(outputs * Works.PAGE);
    assertThat(SourceMemory.holdsAll(withSides(), (inputs + outputs) * Works.PAGE, 1)).isTrue();
    assertThat(SourceMemory.holdsAll(withSides(), (inputs + outputs) * Works.PAGE - 1, 1))
        .isFalse();
  }

  @Test
  void refusesInputsOfAnotherShape() {
    assertThatThrownBy(() -> Works.sum(DType.F32, A, TURNED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("is merged from", "[32, 32]", "[16, 64]");
    Blockwise.Sides turned = new Blockwise.Sides(List.of(TURNED), List.of());
    assertThatThrownBy(() -> Works.sum(DType.F32, A).with(turned))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("is merged from", "[32, 32]", "[16, 64]");
  }

  @Test
  void isOneSliceIfItLooksFirstAndATaskHoldsIt() {
    Blockwise looking = Works.merge(DType.F32, Works.ties(3, Shape.of(32, 32)), A, A, A);
    long pages = 3 + 1;

    assertThat(looking.isOneSlice(pages * Works.PAGE, 1)).isTrue();
    assertThat(looking.isOneSlice(pages * Works.PAGE - 1, 1)).isFalse();
    assertThat(Works.sum(DType.F32, A, A, A).isOneSlice(pages * Works.PAGE, 1)).isFalse();
  }

  @Test
  void isOneSliceIfItsInputsDoNotStreamAndATaskHoldsThem() {
    Blockwise turned = Works.sum(DType.F32, TURNED.transposed());
    long pages = 1 + 1 + 1; // as it is stored, as it is wanted, and of the output

    assertThat(turned.isOneSlice(pages * Works.PAGE, 1)).isTrue();
    assertThat(turned.isOneSlice(pages * Works.PAGE, 2)).isFalse();
    assertThat(turned.isOneSlice(pages * Works.PAGE - 1, 1)).isFalse();
  }

  @Test
  void aCopyIsOfOneTypeAndShape() {
    assertThatThrownBy(() -> new Copy(Works.output(DType.F32, 32, 32), B))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("is no copy of", "F32", "BF16");
    assertThatThrownBy(() -> new Copy(Works.output(DType.F32, 32, 32), TURNED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("is no copy of", "[32, 32]", "[16, 64]");
  }

  @Test
  void aCopyTakesBytesForNoNumbers() {
    assertThat(Works.copy(Works.stored(DType.F4, 8)).readsNumbers()).isFalse();
    assertThat(Works.sum(DType.F32, A).readsNumbers()).isTrue();
  }

  @Test
  void onlyTypesThatAreWrittenAreGenerated() {
    OutputTensor codes = Works.output(DType.F8_E4M3, 4);

    assertThatThrownBy(() -> new Generate(codes, Numbers.all(1), Rounding.NEAREST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("cannot be generated");
  }

  @Test
  void whatIsGeneratedReadsNothingAndIsCutByThePart() {
    Generate work =
        new Generate(Works.output(DType.F32, 3, 1 << 20), Numbers.all(1), Rounding.NEAREST);

    assertThat(work.footprint(work.all()).bytesRead()).isZero();
    assertThat(work.cut(1, 1)).hasSize(3);
    assertThat(work.obstacle(1)).isEmpty();
  }
}
