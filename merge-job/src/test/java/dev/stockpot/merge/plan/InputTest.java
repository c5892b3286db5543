package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.StoredRange;
import dev.stockpot.merge.storage.ByteRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of an input some elements of a work need. */
class InputTest {
  private static final Shape WORK = Shape.of(5, 6);

  private static ElementSpan needed(Input.Reach reach, ElementSpan span, long... shape) {
    return new Input(Works.stored(DType.F32, shape), reach).span(span, WORK);
  }

  @Test
  void theSameElementsAreTheSpanItself() {
    assertThat(needed(Input.Reach.SAME_ELEMENTS, new ElementSpan(7, 5), 5, 6))
        .isEqualTo(new ElementSpan(7, 5));
  }

  @Test
  void allOfItIsNeededWhereAnyElementIs() {
    assertThat(needed(Input.Reach.WHOLE, new ElementSpan(7, 1), 4, 3))
        .isEqualTo(new ElementSpan(0, 12));
  }

  /** Rows of 6 elements in the work, of as many as the last dimension says in the input. */
  @ParameterizedTest
  @CsvSource({
    "0, 6, 3, 0, 3",
    "0, 7, 3, 0, 6",
    "5, 1, 3, 0, 3",
    "5, 2, 3, 0, 6",
    "6, 12, 3, 3, 6",
    "24, 6, 3, 12, 3",
    "11, 8, 6, 6, 18",
    "11, 8, 10, 10, 30",
    "13, 4, 1, 2, 1",
    "12, 0, 3, 6, 0"
  })
  void rowsAreWholeAndMayBeOfAnotherLength(
      long first, long count, long columns, long expectedFirst, long expectedCount) {
    assertThat(needed(Input.Reach.SAME_ROWS, new ElementSpan(first, count), 5, columns))
        .isEqualTo(new ElementSpan(expectedFirst, expectedCount));
  }

  @Test
  void rowsAreThoseOfTheLastAxis() {
    Input input = new Input(Works.stored(DType.F32, 2, 3, 8), Input.Reach.SAME_ROWS);

    assertThat(input.span(new ElementSpan(4, 8), Shape.of(2, 3, 4)))
        .isEqualTo(new ElementSpan(8, 16)); // the second and the third of six rows
  }

  @Test
  void ofRowsWithoutElementsNothingIsNeeded() {
    Input input = new Input(Works.stored(DType.F32, 5, 0), Input.Reach.SAME_ROWS);

    assertThat(input.span(new ElementSpan(0, 0), Shape.of(5, 0)).count()).isZero();
  }

  @Test
  void takesWhatItNeedsInPagesOfMemory() {
    Input input = new Input(Works.stored(DType.F32, 5, 3), Input.Reach.SAME_ROWS);
    Footprint footprint = input.footprint(new ElementSpan(8, 2), WORK);

    assertThat(footprint.ranges())
        .extracting(StoredRange::bytes)
        .containsExactly(new ByteRange(3 * 4, 6 * 4));
    assertThat(footprint.memory()).isEqualTo(Works.PAGE);
  }
}
