package dev.stockpot.merge.model;

import static dev.stockpot.merge.model.Sources.floats;
import static dev.stockpot.merge.model.Sources.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of other tensors, and the mean of them, as sources. */
class GatheredTest {
  private final Stored first = floats("first", 4, 3);
  private final Stored second = floats("second", 2, 3);

  /** Rows 2 and 3 of the first, a row of zeros, and row 1 of the second. */
  private static RowMap map() {
    return new RowMap.Builder().add(0, 2, 2).addZeros(1).add(1, 1).build();
  }

  private Gathered gathered() {
    return new Gathered(List.of(first, second), map(), 0);
  }

  @Test
  void hasARowForEachOfTheMap() {
    assertThat(gathered().shape()).isEqualTo(Shape.of(4, 3));
    assertThat(gathered().rowElements()).isEqualTo(3);
    assertThat(gathered().dtype()).isEqualTo(DType.F32);
    assertThat(gathered().isUneven()).isTrue();
  }

  @Test
  void eachElementIsThatOfItsRow() {
    assertThat(gathered().place(4)).isEqualTo(new ElementPlace("/models/first", "first", 10));
    assertThat(gathered().place(6)).isEqualTo(new ElementPlace("no tensor", "a row of zeros", 0));
    assertThat(gathered().place(11)).isEqualTo(new ElementPlace("/models/second", "second", 5));
  }

  @Test
  void rowsOfOtherTypesAreWidenedAndTheTypeIsThatOfTheFirst() {
    Stored narrow = stored("narrow", DType.BF16, Shape.of(2, 3));
    Gathered mixed = new Gathered(List.of(narrow, second), RowMaps.rows(0, 1), 0);
    assertThat(mixed.dtype()).isEqualTo(DType.F32);
    assertThat(mixed.storedType()).isEqualTo(DType.BF16);
    assertThat(new Gathered(List.of(narrow, narrow), RowMaps.rows(0, 1), 0).dtype())
        .as("all of one type")
        .isEqualTo(DType.BF16);
  }

  /** Maps of a row of each source. */
  private static final class RowMaps {
    static RowMap rows(int... sources) {
      RowMap.Builder rows = new RowMap.Builder();
      for (int source : sources) {
        rows.add(source, 0);
      }
      return rows.build();
    }
  }

  @Test
  void rowsMayLieBehindAxesOfLengthOne() {
    Stored batch = floats("batch", 1, 4, 3);
    Gathered rows = new Gathered(List.of(batch), new RowMap.Builder().add(0, 3).build(), 1);
    assertThat(rows.shape()).isEqualTo(Shape.of(1, 1, 3));
    assertThat(rows.place(2).element()).isEqualTo(11);
    assertThatThrownBy(
            () -> new Gathered(List.of(floats("x", 2, 4, 3)), RowMaps.rows(0), 1).shape())
        .hasMessage("[2, 4, 3] has no rows along axis 1");
    assertThatThrownBy(() -> new Gathered(List.of(first, second), map(), 2).shape())
        .hasMessage("[4, 3] has no rows along axis 2");
  }

  @Test
  void refusesRowsThatAreNotThere() {
    assertThatThrownBy(() -> new Gathered(List.of(first), map(), 0).shape())
        .hasMessage("rows are taken from source 1 of 1");
    assertThatThrownBy(() -> new Gathered(List.of(), RowMaps.rows(), 0).shape())
        .hasMessage("rows are taken from source -1 of 0");
    RowMap beyond = new RowMap.Builder().add(0, 0).add(1, 1, 2).build();
    assertThatThrownBy(() -> new Gathered(List.of(first, second), beyond, 0).shape())
        .hasMessage("row 2 of [2, 3]");
  }

  @Test
  void refusesRowsThatDoNotFitOrAreNoNumbersBesideOthers() {
    assertThatThrownBy(() -> new Gathered(List.of(first, floats("wide", 2, 5)), map(), 0).shape())
        .hasMessage("rows of [2, 5] do not fit into [4, 3]");
    Stored words = stored("words", DType.I32, Shape.of(2, 3));
    assertThatThrownBy(() -> new Gathered(List.of(first, words), map(), 0).shape())
        .hasMessage("I32 rows are no numbers and cannot stand beside others");
    assertThat(new Gathered(List.of(words, words), RowMaps.rows(0, 1), 0).dtype())
        .as("they are copied where all are")
        .isEqualTo(DType.I32);
    assertThatThrownBy(
            () ->
                new Gathered(List.of(stored("p", DType.F4, Shape.of(4, 4))), RowMaps.rows(0), 0)
                    .shape())
        .hasMessage("F4 elements are packed and cannot be rearranged");
  }

  @Test
  void onlyRowsThatAreWantedAreRead() {
    Footprint zeros = gathered().footprint(new ElementSpan(6, 3));
    assertThat(zeros.ranges()).isEmpty();
    Footprint last = gathered().footprint(new ElementSpan(9, 3));
    assertThat(last.bytesRead()).isEqualTo(12);
    assertThat(gathered().footprint(ElementSpan.all(Shape.of(4, 3))).bytesRead()).isEqualTo(3 * 12);
  }

  @Test
  void theMeanIsOneRowOfAllAndReadsThemOnce() {
    RowMean mean = new RowMean(gathered());
    assertThat(mean.shape()).isEqualTo(Shape.of(1, 3));
    assertThat(mean.blocks()).containsExactly(new ElementSpan(0, 12));
    assertThat(mean.footprint(new ElementSpan(2, 1)).bytesRead()).isEqualTo(3 * 12);
    assertThat(mean.footprint(new ElementSpan(2, 1)).memory())
        .isEqualTo(Footprint.PAGE_BYTES + mean.scratch());
    assertThat(mean.place(2).tensor()).isEqualTo("the mean of all rows of first");
    assertThat(mean).isEqualTo(new RowMean(gathered())).hasSameHashCodeAs(new RowMean(gathered()));
    assertThat(mean).hasToString("the mean of all rows of " + gathered());
  }

  @Test
  void noRowsHaveNoMean() {
    Gathered none = new Gathered(List.of(first), RowMaps.rows(), 0);
    assertThatThrownBy(() -> new RowMean(none).shape())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("[0, 3] has no rows, so no mean");
  }

  @Test
  void manyRowsAreGoneThroughInBlocksOfWholeRows() {
    int rows = 3_000;
    Stored large = floats("large", rows, 1_000);
    Gathered all = new Gathered(List.of(large), new RowMap.Builder().add(0, 0, rows).build(), 0);
    List<ElementSpan> blocks = new RowMean(all).blocks();
    assertThat(blocks).hasSizeGreaterThan(2);
    long next = 0;
    for (ElementSpan block : blocks) {
      assertThat(block.first()).isEqualTo(next);
      assertThat(block.count() % 1_000).isZero();
      assertThat(all.footprint(block).memory()).isLessThanOrEqualTo(4 << 20);
      next = block.end();
    }
    assertThat(next).isEqualTo(rows * 1_000L);
  }

  @Test
  void whatIsGatheredOtherwiseIsAnother() {
    RowMap other = new RowMap.Builder().add(0, 2, 2).addZeros(1).add(1, 0).build();
    assertThat(gathered().identity())
        .isEqualTo(gathered().identity())
        .isNotEqualTo(new Gathered(List.of(first, second), other, 0).identity());
  }
}
