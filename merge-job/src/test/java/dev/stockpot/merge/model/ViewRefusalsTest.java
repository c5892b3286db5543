package dev.stockpot.merge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources of tensors are refused when they are made, with what does not fit. */
class ViewRefusalsTest {
  private static final Stored MATRIX = Sources.floats("m", 4, 6);
  private static final Stored PACKED = Sources.stored("p", DType.F4, Shape.of(4, 6));
  private static final Stored WORDS = Sources.stored("w", DType.I32, Shape.of(4, 6));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1 | 0 | 1 | [4, 6] has no axis -1",
        "2 | 0 | 1 | [4, 6] has no axis 2",
        "1 | -1 | 3 | -1 to 3 along axis 1 of [4, 6]",
        "1 | 3 | 2 | 3 to 2 along axis 1 of [4, 6]",
        "0 | 0 | 5 | 0 to 5 along axis 0 of [4, 6]"
      })
  void aSectionLiesInsideOfItsWhole(int axis, long begin, long end, String message) {
    assertThatThrownBy(() -> MATRIX.section(axis, begin, end).shape())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void aSectionMayBeEmptyOrAllOfIt() {
    assertThat(MATRIX.section(1, 6, 6).shape()).isEqualTo(Shape.of(4, 0));
    assertThat(MATRIX.section(0, 0, 4).shape()).isEqualTo(MATRIX.shape());
  }

  @Test
  void whatIsJoinedHasOneTypeAndOneShapeButForTheAxis() {
    assertThat(TensorSource.joined(List.of(MATRIX, Sources.floats("n", 4, 1)), 1).shape())
        .isEqualTo(Shape.of(4, 7));
    assertThatThrownBy(() -> TensorSource.joined(List.of(MATRIX, Sources.floats("n", 4, 1)), 0))
        .hasMessage("F32 [4, 1] does not follow F32 [4, 6] along axis 0");
    assertThatThrownBy(() -> TensorSource.joined(List.of(MATRIX, WORDS), 0))
        .hasMessage("I32 [4, 6] does not follow F32 [4, 6] along axis 0");
    assertThatThrownBy(() -> TensorSource.joined(List.of(MATRIX, Sources.floats("n", 4)), 0))
        .hasMessage("F32 [4] does not follow F32 [4, 6] along axis 0");
    assertThatThrownBy(() -> TensorSource.joined(List.of(), 3))
        .hasMessage("nothing is joined along axis 3");
    assertThatThrownBy(() -> TensorSource.joined(List.of(MATRIX), 2))
        .hasMessage("[4, 6] has no axis 2");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 2", "-1, 1", "2, 1"})
  void twoAxesAreExchanged(int first, int second) {
    assertThatThrownBy(() -> MATRIX.exchanged(first, second).shape())
        .hasMessage("axes %s and %s of [4, 6]".formatted(first, second));
  }

  @Test
  void anotherShapeHasAsManyElements() {
    assertThat(MATRIX.reshaped(Shape.of(2, 3, 4)).shape()).isEqualTo(Shape.of(2, 3, 4));
    assertThatThrownBy(() -> MATRIX.reshaped(Shape.of(5, 5)).shape())
        .hasMessage("[4, 6] as [5, 5]");
  }

  @Test
  void elementsThatArePartsOfBytesStayWhereTheyAre() {
    String message = "F4 elements are packed and cannot be rearranged";
    assertThatThrownBy(() -> PACKED.section(0, 0, 1).shape()).hasMessage(message);
    assertThatThrownBy(() -> PACKED.transposed().shape()).hasMessage(message);
    assertThatThrownBy(() -> PACKED.reshaped(Shape.of(24)).shape()).hasMessage(message);
    assertThatThrownBy(() -> TensorSource.joined(List.of(PACKED), 0).shape()).hasMessage(message);
  }

  @Test
  void anIndexIsOfWordsAndForAMatrixOfNumbers() {
    Stored index = Sources.stored("i", DType.I32, Shape.of(12));
    Indexed indexed = new Indexed(MATRIX, index);
    assertThat(indexed.shape()).isEqualTo(Shape.of(4, 12));
    assertThat(indexed.tableOf(new ElementSpan(13, 1))).as("row 1").isEqualTo(span(6, 6));
    assertThat(indexed.tableOf(new ElementSpan(11, 2))).as("rows 0 and 1").isEqualTo(span(0, 12));
    assertThatThrownBy(() -> new Indexed(MATRIX, Sources.floats("i", 12)).shape())
        .hasMessage("F32 [12] are no columns of F32 [4, 6]");
    assertThatThrownBy(() -> new Indexed(MATRIX, WORDS).shape())
        .hasMessage("I32 [4, 6] are no columns of F32 [4, 6]");
    assertThatThrownBy(() -> new Indexed(WORDS, index).shape())
        .hasMessage("I32 [12] are no columns of I32 [4, 6]");
  }

  private static ElementSpan span(long first, long count) {
    return new ElementSpan(first, count);
  }

  @Test
  void aColumnIsOfAGroupThatThereIsOrOfItsOwn() {
    Indexed indexed = new Indexed(MATRIX, Sources.stored("i", DType.I32, Shape.of(12)));
    assertThat(indexed.group(5, 0)).isEqualTo(5);
    assertThat(indexed.group(-1, 0)).as("two columns a group").isZero();
    assertThat(indexed.group(-1, 3)).isEqualTo(1);
    assertThat(indexed.group(-1, 11)).isEqualTo(5);
    assertThatThrownBy(() -> indexed.group(6, 2))
        .hasMessage("column 2 is of group 6, and there are 6");
    assertThatThrownBy(() -> indexed.group(-2, 2))
        .hasMessage("column 2 is of group -2, and there are 6");
  }

  @Test
  void aPartIsOfAMatrixAndOfARankThatItHas() {
    assertThat(new Reduced(MATRIX, Reduced.Part.PRINCIPAL, 4, 1).shape()).isEqualTo(Shape.of(4, 6));
    for (int rank : new int[] {0, 5, -1}) {
      assertThatThrownBy(() -> new Reduced(MATRIX, Reduced.Part.PRINCIPAL, rank, 1).shape())
          .hasMessage("a part of rank %s of F32 [4, 6]".formatted(rank));
    }
    assertThatThrownBy(() -> new Reduced(WORDS, Reduced.Part.FIRST_COLUMNS, 1, 1).shape())
        .hasMessage("a part of rank 1 of I32 [4, 6]");
    assertThatThrownBy(
            () -> new Reduced(Sources.floats("v", 9), Reduced.Part.PRINCIPAL, 1, 1).shape())
        .hasMessage("a part of rank 1 of F32 [9]");
  }

  @Test
  void allOfAMatrixIsReadForAnyPartOfIt() {
    Reduced reduced = new Reduced(MATRIX, Reduced.Part.FIRST_COLUMNS, 2, 1);
    Footprint one = reduced.footprint(span(7, 1));
    assertThat(one.bytesRead()).isEqualTo(MATRIX.byteCount());
    assertThat(one.memory()).isGreaterThan(reduced.scratchBytes());
    assertThat(reduced.streams()).isFalse();
    assertThat(reduced.rows(span(7, 6))).isEqualTo(new Change.Rows(1, 2, 6));
  }

  @Test
  void placesChangeAlongAnAxisThatHasThem() {
    Permutation none = Permutation.identity(6);
    assertThat(MATRIX.reordered(1, none)).as("nothing moves").isSameAs(MATRIX);
    assertThatThrownBy(() -> new Reordered(MATRIX, 0, none).shape())
        .hasMessageEndingWith(" does not order axis 0 of [4, 6]");
    assertThatThrownBy(() -> new Reordered(MATRIX, 2, none).shape())
        .hasMessageEndingWith(" does not order axis 2 of [4, 6]");
  }

  @Test
  void aTensorWithoutElementsHasNoneToMove() {
    Stored empty = Sources.floats("e", 3, 0);
    assertThat(empty.reordered(0, Permutation.reversed(3))).isSameAs(empty);
  }
}
