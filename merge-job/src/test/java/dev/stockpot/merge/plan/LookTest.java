package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.observe.DifferenceScan;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.TensorSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Works that look and make nothing, what was found, and plans of them. */
class LookTest {
  private static final TensorSource A = Works.stored("a", DType.F32, 8);
  private static final TensorSource B = Works.stored("b", DType.BF16, 8);

  private static Look look(TensorSource... sources) {
    return new Look("x", List.of(sources), new DifferenceScan("x"), ScanScope.MODEL);
  }

  @Test
  void refusesNothingToLookAt() {
    assertThatThrownBy(() -> look())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("x: nothing to look at");
  }

  @Test
  void refusesOtherShapesAndWhatIsNoNumber() {
    assertThatThrownBy(() -> look(A, Works.stored("b", DType.F32, 4, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("x: cannot look at ");
    assertThatThrownBy(() -> look(A, Works.stored("b", DType.I32, 8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("x: cannot look at ");
  }

  @Test
  void wantsAScanUntilItKnows() {
    PartialSums found = new PartialSums.Builder(1).found();
    Look looked = look(A, B).knowing(new Finding(found));

    assertThat(look(A, B).scan().orElseThrow().scope()).isEqualTo(ScanScope.MODEL);
    assertThat(look(A, B).found()).isEmpty();
    assertThat(looked.scan()).isEmpty();
    assertThat(looked.found()).containsSame(found);
    assertThat(looked.sources()).containsExactly(A, B);
  }

  @Test
  void isCutByTheSizeOfWhatIsComparedLast() {
    TensorSource wide = Works.stored("a", DType.F32, 4, 1 << 20);
    TensorSource narrow = Works.stored("b", DType.BF16, 4, 1 << 20);

    assertThat(look(wide, narrow).cut(4 << 20, 1)).hasSize(2);
    assertThat(look(narrow, wide).cut(4 << 20, 1)).hasSize(4);
  }

  @Test
  void makesNothingAndTakesNoRoomForIt() {
    assertThat(look(A, B).outputBytes(look(A, B).all())).isZero();
    assertThat(look(A, B).footprint(look(A, B).all()).bytesRead()).isEqualTo(8 * (4 + 2));
  }

  @Test
  void whatIsFoundIsWorkedOutOnceForEqualPrograms() {
    MergeProgram first = Works.group("ends", 2);
    MergeProgram equal = Works.group("ends", 2);
    Finding finding = new Finding(new PartialSums.Builder(1).found());

    MergeProgram told = finding.toldTo(first);

    assertThat(told).isNotEqualTo(first);
    assertThat(finding.toldTo(equal)).isSameAs(told);
    assertThat(finding.toldTo(Works.group("other", 2))).isNotEqualTo(told);
  }

  private static ScannedWork scanned(Look look, long cut) {
    return new ScannedWork(
        look,
        List.of(
            new SliceTask(look, new ElementSpan(0, cut)),
            new SliceTask(look, new ElementSpan(cut, 8 - cut))));
  }

  @Test
  void aPlanOfLooksReadsThemAllOnceAndIsDoneWhenAllKnow() {
    ScanPlan plan = new ScanPlan(List.of(scanned(look(A, B), 5), scanned(look(B, B), 8)), 100);
    Finding finding = new Finding(new PartialSums.Builder(1).found());
    Look known = look(A, B).knowing(finding);

    assertThat(plan.isWanted()).isTrue();
    assertThat(plan.bytesRead()).isEqualTo(8 * (4 + 2) + 8 * 2);

    ScanPlan half = plan.knowing(List.of(known, look(B, B)));
    assertThat(half.isWanted()).isTrue();
    assertThat(half.works().get(0).work()).isSameAs(known);
    assertThat(half.works().get(0).slices())
        .allMatch(slice -> slice.work() == known)
        .extracting(SliceTask::span)
        .containsExactly(new ElementSpan(0, 5), new ElementSpan(5, 3));
    assertThat(half.mostBytes()).isEqualTo(100);

    assertThat(plan.knowing(List.of(known, look(B, B).knowing(finding))).isWanted()).isFalse();
    assertThat(new ScanPlan(List.of(), 1).isWanted()).isFalse();
  }

  @Test
  void aSliceLiesWithinItsWork() {
    assertThatThrownBy(() -> new SliceTask(look(A), new ElementSpan(5, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("elements 5-9 of x");
    assertThat(new SliceTask(look(A), new ElementSpan(8, 0)).bytesRead()).isZero();
  }

  @Test
  void aSliceHasItsPlaceInEachOutput() {
    Blockwise merge =
        Works.sum(DType.BF16, A)
            .with(new Blockwise.Sides(List.of(), List.of(Works.side("total", DType.F64))));
    SliceTask slice = new SliceTask(merge, new ElementSpan(2, 3));

    assertThat(slice.bytes()).hasToString("4-10");
    assertThat(slice.bytes(1)).hasToString("16-40");
    assertThat(slice.makes(1)).isTrue();
    assertThat(slice.makes(2)).isFalse();
  }
}
