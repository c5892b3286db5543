package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Works.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.method.PostProgram;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Merges with steps behind them, as works. */
class RevisedTest {
  private static final TensorSource A = Works.stored("a", DType.F32, 64, 64); // 4 pages
  private static final TensorSource B = Works.stored("b", DType.BF16, 64, 64); // 2 pages
  private static final TensorSource BASE = Works.stored("base", DType.F32, 64, 64);

  /** One that takes so much. */
  private record Step(long bytes, double operations) implements PostProgram {
    @Override
    public Demand demand() {
      return new Demand(bytes, operations);
    }

    @Override
    public void change(Matrices algebra, List<WholeTensor> models, WholeTensor merged) {
      throw new AssertionError("nobody makes it");
    }
  }

  private static Revised revised(OutputTensor output, TensorWork merge, Step... steps) {
    Revised.After after =
        new Revised.After(Arrays.asList(steps), new Viewed(2, Blockwise.NO_ORIGIN), List.of(BASE));
    return new Revised(output, merge, after, Rounding.NEAREST);
  }

  private static Revised revised(DType type, Step... steps) {
    return revised(Works.output(type, 64, 64), Works.sum(DType.F64, A, B), steps);
  }

  @Test
  void readsWhatTheMergeReadsAndWhatStepsSeeBehindIt() {
    assertThat(revised(DType.F32).sources()).containsExactly(A, B, BASE);
    assertThat(revised(DType.F32).inputs())
        .extracting(Input::reach)
        .containsOnly(Input.Reach.WHOLE);
  }

  @Test
  void holdsTheTensorInFloat64AndWhatTheHungriestStepTakes() {
    long stored = 4 + 2 + 4;

    assertThat(revised(DType.BF16, new Step(100_000, 1), new Step(70_000, 2)).memory())
        .isEqualTo((stored + 2 + 8) * PAGE + 100_000);
  }

  @Test
  void holdsAFloat64MoreAndTheTypeThatIsRoundedAtTheEnd() {
    long stored = 4 + 2 + 4;

    assertThat(revised(DType.BF16, new Step(1, 1)).memory())
        .isEqualTo((stored + 2 + 8 + 8 + 4) * PAGE);
    assertThat(revised(DType.F64, new Step(1, 1)).memory())
        .isEqualTo((stored + 8 + 8 + 8 + 8) * PAGE);
  }

  @Test
  void operationsAreThoseOfAllSteps() {
    assertThat(revised(DType.F32, new Step(0, 5), new Step(0, 7)).operations()).isEqualTo(12);
  }

  @Test
  void refusesAMergeThatIsNotInFloat64OrOfAnotherShape() {
    OutputTensor output = Works.output(DType.F32, 64, 64);

    assertThatThrownBy(() -> revised(output, Works.sum(DType.F32, A, B)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is revised of");
    Blockwise flat = Works.sum(DType.F64, Works.stored(DType.F32, 64 * 64));
    assertThatThrownBy(() -> revised(output, flat))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("is revised of", "[64, 64]", "[4096]");
  }

  @Test
  void refusesAMergeThatMakesMoreThanOneTensor() {
    Blockwise two =
        Works.sum(DType.F64, A)
            .with(new Blockwise.Sides(List.of(), List.of(Works.side("m", DType.F64))));

    assertThatThrownBy(() -> revised(Works.output(DType.F32, 64, 64), two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is revised of");
  }

  @Test
  void isRefusedWhereNoBufferHoldsFloat64() {
    Blockwise large = Works.sum(DType.F64, Works.stored(DType.BF16, 1 << 28));

    assertThat(revised(Works.output(DType.BF16, 1 << 28), large).problem(Long.MAX_VALUE))
        .hasValue(
            "steps of `post` hold it in float64, which takes 2147483648 bytes, more than one buffer"
                + " holds: 2147483647; leave it out with `skip`");
  }

  @Test
  void looksFirstWhereItsMergeDoesAndTellsThatMerge() {
    Blockwise looking = Works.merge(DType.F64, Works.ties(3, Shape.of(64, 64)), A, B, BASE);
    Blockwise grouped = Works.merge(DType.F64, Works.group("g", 1), A);
    Revised work = revised(Works.output(DType.F32, 64, 64), grouped);

    assertThat(revised(Works.output(DType.F32, 64, 64), looking).scan().orElseThrow().scope())
        .isEqualTo(ScanScope.TENSOR);
    assertThat(work.scan().orElseThrow().scope()).isEqualTo(ScanScope.group("g"));

    Revised known = work.knowing(new Finding(new PartialSums.Builder(1).found()));
    assertThat(known.scan()).isEmpty();
    assertThat(known.merge().scan()).isEmpty();
    assertThat(known.after()).isSameAs(work.after());
    assertThat(known.output()).isSameAs(work.output());
  }

  @Test
  void findsItsInputsInMemorySoThatNothingStreams() {
    assertThat(revised(DType.F32).streams()).isFalse();
    assertThat(Works.sum(DType.F32, A, B).streams()).isTrue();
  }
}
