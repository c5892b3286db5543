package dev.stockpot.merge.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** A patch says which element goes where; however it is said, that stays the same. */
class PatchTest {
  /** Boxes of up to four axes whose elements do not lie over each other where they go to. */
  @Provide
  Arbitrary<Patch> patches() {
    Arbitrary<List<Long>> extents =
        Arbitraries.longs().between(1, 4).list().ofMinSize(1).ofMaxSize(4);
    Arbitrary<List<Long>> gaps = Arbitraries.longs().between(0, 3).list().ofSize(8);
    return Combinators.combine(
            extents, gaps, Arbitraries.longs().between(0, 50), Arbitraries.longs().between(0, 50))
        .as(
            (sizes, between, from, to) ->
                new Patch(from, to, sizes, strides(sizes, between, 0), strides(sizes, between, 4)));
  }

  /** Row-major, with so much between rows. */
  private static List<Long> strides(List<Long> extents, List<Long> gaps, int first) {
    List<Long> strides = new ArrayList<>();
    long stride = 1;
    for (int axis = extents.size() - 1; axis >= 0; axis--) {
      strides.add(0, stride);
      stride = stride * extents.get(axis) + gaps.get(first + axis);
    }
    return strides;
  }

  /** Where each element comes from, by the place where it goes. */
  private static Map<Long, Long> moves(Patch patch) {
    Map<Long, Long> moves = new TreeMap<>();
    add(patch, 0, patch.from(), patch.to(), moves);
    return moves;
  }

  private static void add(Patch patch, int axis, long from, long to, Map<Long, Long> moves) {
    if (axis == patch.extents().size()) {
      assertThat(moves.put(to, from)).as("nothing goes to %s twice", to).isNull();
      return;
    }
    LongStream.range(0, patch.extents().get(axis))
        .forEach(
            i ->
                add(
                    patch,
                    axis + 1,
                    from + i * patch.fromStrides().get(axis),
                    to + i * patch.toStrides().get(axis),
                    moves));
  }

  @Property
  void withFewerAxesItMovesTheSame(@ForAll("patches") Patch patch) {
    Patch simple = patch.simplified();
    assertThat(moves(simple)).isEqualTo(moves(patch));
    assertThat(simple.extents().size()).isLessThanOrEqualTo(patch.extents().size());
    assertThat(simple.elements()).isEqualTo(patch.elements());
    assertThat(simple.simplified()).isEqualTo(simple);
  }

  @Property
  void itsPartsMoveTheSameAndLeaveOutNoMoreThanTheyMay(
      @ForAll("patches") Patch patch, @ForAll @LongRange(max = 12) long gap) {
    Map<Long, Long> together = new TreeMap<>();
    for (Patch part : patch.splitAt(gap)) {
      Map<Long, Long> moves = moves(part);
      List<Long> taken = moves.values().stream().sorted().toList();
      for (int i = 1; i < taken.size(); i++) {
        assertThat(taken.get(i) - taken.get(i - 1) - 1)
            .as("left out in %s", part)
            .isLessThanOrEqualTo(gap);
      }
      together.putAll(moves);
    }
    assertThat(together).isEqualTo(moves(patch));
  }

  @Property
  void itEndsBehindTheLastThatIsTaken(@ForAll("patches") Patch patch) {
    long last = moves(patch).values().stream().mapToLong(Long::longValue).max().orElseThrow();
    assertThat(patch.fromEnd()).isEqualTo(last + 1);
  }

  @Property
  void movedItTakesTheSameFromElsewhere(
      @ForAll("patches") Patch patch, @ForAll @LongRange(min = -9, max = 9) long by) {
    Map<Long, Long> moved = new TreeMap<>(moves(patch));
    moved.replaceAll((to, from) -> from + by);
    assertThat(moves(patch.movedFrom(by))).isEqualTo(moved);
  }

  @Property
  void aRunIsWhatStaysBesideEachOther(@ForAll("patches") Patch patch) {
    Map<Long, Long> moves = moves(patch);
    boolean isTogether =
        moves.entrySet().stream()
            .allMatch(move -> move.getValue() - patch.from() == move.getKey() - patch.to());
    boolean isDense =
        moves.size() == patch.fromEnd() - patch.from()
            && moves.keySet().stream().mapToLong(Long::longValue).max().orElseThrow()
                == patch.to() + moves.size() - 1;
    assertThat(patch.simplified().isRun()).isEqualTo(isTogether && isDense);
  }

  @Test
  void aSingleElementIsARun() {
    Patch one = new Patch(7, 9, List.of(1L, 1L, 1L), List.of(40L, 5L, 3L), List.of(2L, 2L, 2L));
    assertThat(one.simplified()).isEqualTo(Patch.run(7, 9, 1));
    Patch scalar = new Patch(7, 9, List.of(), List.of(), List.of());
    assertThat(scalar.simplified()).isEqualTo(Patch.run(7, 9, 1));
    assertThat(scalar.elements()).isEqualTo(1);
  }

  @Test
  void aRunGoesOnOnlyWhereBothSidesDo() {
    Patch first = Patch.run(10, 0, 5);
    assertThat(first.isContinuedBy(Patch.run(15, 5, 1))).isTrue();
    assertThat(first.isContinuedBy(Patch.run(15, 6, 1))).isFalse();
    assertThat(first.isContinuedBy(Patch.run(16, 5, 1))).isFalse();
    Patch column = new Patch(15, 5, List.of(3L), List.of(4L), List.of(1L));
    assertThat(first.isContinuedBy(column)).isFalse();
  }
}
