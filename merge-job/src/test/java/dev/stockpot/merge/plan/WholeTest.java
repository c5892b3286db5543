package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Works.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.TensorSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What it takes to make tensors of whole ones. */
class WholeTest {
  /** One that takes so much and makes nothing. */
  private record Taking(long bytes, double operations) implements MatrixProgram {
    @Override
    public Demand demand() {
      return new Demand(bytes, operations);
    }

    @Override
    public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
      throw new AssertionError("nobody makes it");
    }
  }

  private static Whole whole(DType type, TensorSource... sources) {
    return new Whole(
        Works.output(type, 64, 64),
        List.of(sources),
        new Taking(10_000, 77),
        Rounding.NEAREST,
        Viewed.NONE);
  }

  private static final TensorSource HALF = Works.stored("a", DType.BF16, 64, 64); // 2 pages
  private static final TensorSource OTHER = Works.stored("b", DType.F32, 3, 1024); // 3 pages

  @Test
  void takesInputsOutputMatricesAndWhatIsRounded() {
    assertThat(whole(DType.BF16, HALF, OTHER).memory()).isEqualTo((2 + 3 + 2 + 4) * PAGE + 10_000);
    assertThat(whole(DType.F32, HALF).memory()).isEqualTo((2 + 4 + 4) * PAGE + 10_000);
    assertThat(whole(DType.F64, HALF).memory()).isEqualTo((2 + 8 + 8) * PAGE + 10_000);
    assertThat(whole(DType.F64, HALF).operations()).isEqualTo(77);
  }

  @Test
  void isRefusedWhereATaskHasOneByteLess() {
    Whole work = whole(DType.BF16, HALF, OTHER);

    assertThat(work.problem(55_056)).isEmpty();
    assertThat(work.problem(55_055))
        .hasValue(
            "whole tensors and the matrices made of them take 55056 bytes, more than a task's"
                + " 55055; raise task-memory");
  }

  @Test
  void isRefusedWhereNoBufferHoldsAnInput() {
    TensorSource tooLarge = Works.stored(DType.F64, 1 << 28);

    assertThat(whole(DType.BF16, Works.stored(DType.U8, Integer.MAX_VALUE)).problem(Long.MAX_VALUE))
        .isEmpty();
    assertThat(whole(DType.BF16, tooLarge).problem(Long.MAX_VALUE))
        .hasValue("a whole tensor takes 2147483648 bytes, more than one buffer holds: 2147483647");
  }

  @Test
  void isRefusedWhereNoBufferHoldsWhatIsRounded() {
    Whole work =
        new Whole(
            Works.output(DType.BF16, 1 << 29), // of 1 GiB, and of 2 GiB as float32
            List.of(HALF),
            new Taking(0, 0),
            Rounding.NEAREST);

    assertThat(work.problem(Long.MAX_VALUE))
        .hasValue("a whole tensor takes 2147483648 bytes, more than one buffer holds: 2147483647");
  }

  @Test
  void isNeverCutAndNeedsAllOfItsInputs() {
    Whole work = whole(DType.BF16, HALF, OTHER);

    assertThat(work.cut(1, 1)).containsExactly(new ElementSpan(0, 64 * 64));
    assertThat(work.isOneSlice(1, 99)).isTrue();
    assertThat(new SliceTask(work, new ElementSpan(3, 1)).bytesRead())
        .isEqualTo(64 * 64 * 2 + 3 * 1024 * 4);
  }

  @Test
  void theOriginIsOneOfTheModelsThatAreViewed() {
    assertThat(new Viewed(2, 1).hasOrigin()).isTrue();
    assertThat(Viewed.NONE.hasOrigin()).isFalse();
    assertThatThrownBy(() -> new Viewed(2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("origin 2 of 2 models");
    assertThatThrownBy(() -> new Viewed(2, -2)).hasMessage("origin -2 of 2 models");
  }
}
