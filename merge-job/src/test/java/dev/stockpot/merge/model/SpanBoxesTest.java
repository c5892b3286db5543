package dev.stockpot.merge.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Consecutive elements, cut into rectangles that hold each of them once and in order. */
class SpanBoxesTest {
  /** The elements of a rectangle, in row-major order. */
  private static void elements(
      List<Long> dimensions, SpanBoxes.Range box, int axis, long before, List<Long> into) {
    if (axis == dimensions.size()) {
      into.add(before);
      return;
    }
    for (long i = box.begin().get(axis); i < box.end().get(axis); i++) {
      elements(dimensions, box, axis + 1, before * dimensions.get(axis) + i, into);
    }
  }

  @Property(tries = 400)
  void boxesHoldEachElementOnceAndInOrder(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 5) Integer> axes,
      @ForAll @IntRange(min = 0, max = 624) int from,
      @ForAll @IntRange(min = 0, max = 625) int some) {
    List<Long> dimensions = axes.stream().map(Integer::longValue).toList();
    long all = dimensions.stream().reduce(1L, Math::multiplyExact);
    long first = from % all;
    ElementSpan span = new ElementSpan(first, Math.min(some, all - first));
    List<Long> found = new ArrayList<>();
    List<SpanBoxes.Range> boxes = SpanBoxes.of(dimensions, span);
    boxes.forEach(box -> elements(dimensions, box, 0, 0, found));
    List<Long> expected = new ArrayList<>();
    for (long element = span.first(); element < span.end(); element++) {
      expected.add(element);
    }
    assertThat(found).isEqualTo(expected);
    assertThat(boxes).as("an end and a beginning an axis").hasSizeLessThan(2 * axes.size() + 1);
  }

  @Test
  void wholeRowsAreOneBox() {
    assertThat(SpanBoxes.of(List.of(4L, 6L), new ElementSpan(6, 12)))
        .containsExactly(new SpanBoxes.Range(List.of(1L, 0L), List.of(3L, 6L)));
    assertThat(SpanBoxes.of(List.of(4L, 6L), new ElementSpan(0, 24)))
        .containsExactly(new SpanBoxes.Range(List.of(0L, 0L), List.of(4L, 6L)));
  }

  @Test
  void raggedEndsAreBoxesOfTheirOwn() {
    assertThat(SpanBoxes.of(List.of(4L, 6L), new ElementSpan(4, 16)))
        .containsExactly(
            new SpanBoxes.Range(List.of(0L, 4L), List.of(1L, 6L)),
            new SpanBoxes.Range(List.of(1L, 0L), List.of(3L, 6L)),
            new SpanBoxes.Range(List.of(3L, 0L), List.of(4L, 2L)));
  }

  @Test
  void noElementsAreNoBoxAndANumberAloneIsOne() {
    assertThat(SpanBoxes.of(List.of(4L), new ElementSpan(2, 0))).isEmpty();
    assertThat(SpanBoxes.of(List.of(), new ElementSpan(0, 1)))
        .containsExactly(new SpanBoxes.Range(List.of(), List.of()));
  }
}
