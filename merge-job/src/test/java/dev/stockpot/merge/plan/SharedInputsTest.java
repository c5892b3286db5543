package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.storage.ByteRange;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What works on the same elements read together. */
class SharedInputsTest {
  private static final TensorSource A = Works.stored("a", DType.F32, 4096);
  private static final TensorSource B = Works.stored("b", DType.F32, 4096);
  private static final TensorSource C = Works.stored("c", DType.BF16, 4096);

  private static SharedInputs of(TensorWork... works) {
    return new SharedInputs(List.of(works));
  }

  private static List<TensorSource> sources(SharedInputs inputs) {
    return inputs.all().stream().map(Input::source).toList();
  }

  @Test
  void areThoseOfTheFirstWhereAllWantTheSame() {
    SharedInputs inputs = of(Works.sum(DType.F32, A, B), Works.sum(DType.BF16, A, B));

    assertThat(sources(inputs)).containsExactly(A, B);
    assertThat(inputs.places()).containsExactly(List.of(0, 1), List.of(0, 1));
  }

  @Test
  void areReadOnceThoughSeveralWantThem() {
    SharedInputs inputs =
        of(Works.sum(DType.F32, B, A), Works.sum(DType.F32, C, B), Works.sum(DType.F32, A));

    assertThat(sources(inputs)).containsExactly(B, A, C);
    assertThat(inputs.places()).containsExactly(List.of(0, 1), List.of(2, 0), List.of(1));
  }

  @Test
  void oneWorkMayTakeAModelTwice() {
    Blockwise twice = Works.sum(DType.F32, A, A);

    assertThat(of(twice).places()).containsExactly(List.of(0, 1));
    assertThat(of(twice, twice).places()).containsExactly(List.of(0, 1), List.of(0, 1));
    assertThat(of(twice, Works.sum(DType.F32, B)).places())
        .containsExactly(List.of(0, 0), List.of(1));
  }

  @Test
  void takeTheMemoryOfEachAndTheBytesOfAllOnce() {
    Footprint footprint =
        of(Works.sum(DType.F32, A, C), Works.sum(DType.F32, B, A))
            .footprint(new ElementSpan(8, 2000));

    assertThat(footprint.bytesRead()).isEqualTo(2000 * (4 + 2 + 4));
    assertThat(footprint.memory()).isEqualTo((2 + 1 + 2) * Works.PAGE);
    assertThat(footprint.ranges())
        .extracting(range -> range.bytes())
        .containsExactly(new ByteRange(32, 8032), new ByteRange(16, 4016), new ByteRange(32, 8032));
  }

  @Test
  void aModelThatOneWorkTakesTwiceIsHeldTwiceAndReadOnce() {
    Footprint footprint = of(Works.sum(DType.F32, A, A)).footprint(new ElementSpan(0, 1024));

    assertThat(footprint.bytesRead()).isEqualTo(4096);
    assertThat(footprint.memory()).isEqualTo(2 * Works.PAGE);
  }

  @Test
  void mayDifferWhereWorksGoThroughThemPieceByPiece() {
    TensorSource matrix = Works.stored("m", DType.F32, 8, 8);

    assertThat(SharedInputs.mayDiffer(Works.copy(A))).isTrue();
    assertThat(SharedInputs.mayDiffer(Works.copy(matrix.transposed()))).isFalse();
  }

  @Test
  void refusesNoWorksAtAll() {
    assertThatThrownBy(() -> of())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no works read nothing together");
  }
}
