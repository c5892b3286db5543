package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.TensorSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How works of all kinds are cut, and whether a task has room for them. */
class TensorWorkTest {
  private static final long LARGE = 1L << 40;

  @ParameterizedTest
  @CsvSource({"1, 3", "2097152, 3", "2097153, 2", "4194304, 2", "4194305, 1", "900000000, 1"})
  void aSliceHasAsManyBytesAsAPartInWholeBlocksOfReductions(long partBytes, int slices) {
    Copy work = Works.copy(Works.stored(DType.BF16, 3, MIB));
    List<ElementSpan> spans = work.cut(partBytes, LARGE);

    assertThat(spans).hasSize(slices).allMatch(span -> span.first() % MIB == 0);
    assertThat(spans.stream().mapToLong(ElementSpan::count).sum()).isEqualTo(3 * MIB);
  }

  @ParameterizedTest
  @CsvSource({"F4, 2", "F6_E2M3, 4", "F6_E3M2, 4", "U8, 1", "BF16, 1", "F64, 1"})
  void packedElementsAreCutBetweenBytes(DType type, long blocks) {
    Copy work = Works.copy(Works.stored(type, 5 * MIB));
    List<ElementSpan> spans = work.cut(1, LARGE);

    assertThat(spans.get(0)).isEqualTo(new ElementSpan(0, blocks * MIB));
    assertThat(spans.stream().mapToLong(span -> span.bytes(type).length()).sum())
        .isEqualTo(5 * MIB * type.bits() / 8);
  }

  @Test
  void theLastSliceIsWhatIsLeft() {
    assertThat(Works.copy(Works.stored(DType.F32, MIB + 3)).cut(1, LARGE))
        .containsExactly(new ElementSpan(0, MIB), new ElementSpan(MIB, 3));
  }

  @Test
  void anEmptyTensorIsOneSliceOfNothing() {
    assertThat(Works.copy(Works.stored(DType.F32, 0, 7)).cut(MIB, LARGE))
        .containsExactly(new ElementSpan(0, 0));
  }

  @Test
  void whatIsReadFromFrontToBackIsCutByThePartAlone() {
    assertThat(Works.copy(Works.stored(DType.F32, 8, MIB)).cut(LARGE, 1)).hasSize(1);
  }

  /** 64 MiB of elements, the bytes that they are taken from, and as many of the output. */
  @ParameterizedTest
  @CsvSource({"192, 1", "191, 2", "96, 2", "95, 4", "48, 4", "47, 8", "12, 16", "1, 16"})
  void whatIsPutTogetherIsCutSmallerWhereATaskCannotHoldIt(long taskMib, int slices) {
    Copy work = Works.copy(Works.stored(DType.F32, 8, 2 * MIB).transposed());

    assertThat(work.cut(LARGE, taskMib * MIB)).hasSize(slices);
  }

  @Test
  void outputsTakeWholePagesEach() {
    Blockwise work = Works.sum(DType.BF16, Works.stored(DType.F32, 5000));

    assertThat(work.outputBytes(new ElementSpan(0, 2048))).isEqualTo(Works.PAGE);
    assertThat(work.outputBytes(new ElementSpan(0, 2049))).isEqualTo(2 * Works.PAGE);
    assertThat(work.outputBytes(new ElementSpan(9, 0))).isZero();
  }

  @Test
  void oneThatWantsNoScanIsToldNothing() {
    Copy work = Works.copy(Works.stored(DType.F32, 4));
    Finding nothing = new Finding(new PartialSums.Builder(1).found());

    assertThatThrownBy(() -> work.knowing(nothing))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("x wants no scan");
  }

  private static Made madeWhole(TensorSource... inputs) {
    MergeProgram looksFirst = Works.ties(inputs.length, inputs[0].shape());
    return new Made(
        "x", DType.F32, inputs[0].shape(), List.of(inputs), looksFirst, Rounding.NEAREST, "ties");
  }

  @Test
  void whatAStageMakesWholeNeedsRoomForAllOfItAtOnce() {
    TensorSource stored = Works.stored(DType.F32, 32, 32);
    Copy work = Works.copy(madeWhole(stored, stored, stored));
    long pages = 3 + 1 + 1; // of what the stage reads and makes, and of the copy

    assertThat(work.isOneSlice(pages * Works.PAGE, 1)).isTrue();
    assertThat(work.lacksRoom(pages * Works.PAGE)).isFalse();
    assertThat(work.isOneSlice(pages * Works.PAGE - 1, 1)).isFalse();
    assertThat(work.lacksRoom(pages * Works.PAGE - 1)).isTrue();
  }

  @Test
  void lackOfRoomIsNoObstacleSinceTheStageCanBeWrittenFirst() {
    TensorSource stored = Works.stored(DType.F32, 32, 32);

    assertThat(Works.copy(madeWhole(stored, stored, stored)).obstacle(1)).isEmpty();
    assertThat(Works.copy(stored.transposed()).obstacle(1)).isPresent();
  }

  @Test
  void whatIsStoredNeverLacksRoom() {
    assertThat(Works.copy(Works.stored(DType.F32, 32, 32)).lacksRoom(1)).isFalse();
  }
}
