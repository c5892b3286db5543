package dev.stockpot.merge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tensors with places along an axis in another order. */
class ReorderedTest {
  private static final Permutation ORDER = Permutation.of(2, 0, 1);

  private static Reordered along(int axis, long... dimensions) {
    return new Reordered(Sources.floats("w", dimensions), axis, ORDER);
  }

  /** Shape 2 x 3 x 4: an element, and the one that goes there. */
  @ParameterizedTest
  @CsvSource({"0,8", "1,9", "4,0", "8,4", "11,7", "12,20", "23,19"})
  void knowsWhereEachElementLies(long element, long source) {
    assertThat(along(1, 2, 3, 4).elementOf(element)).isEqualTo(source);
  }

  @Test
  void rowsAndLastColumnsMoveAsOthersDo() {
    assertThat(along(0, 3, 2).elementOf(1)).isEqualTo(5);
    assertThat(along(1, 2, 3).elementOf(3)).isEqualTo(5);
    assertThat(along(0, 3).elementOf(2)).isEqualTo(1);
  }

  @Test
  void columnsNeedTheRowsThatTheyAreIn() {
    Reordered columns = along(1, 5, 3);
    assertThat(columns.needed(new ElementSpan(4, 3))).isEqualTo(new ElementSpan(3, 6));
    assertThat(columns.streams()).isTrue();
    Footprint footprint = columns.footprint(new ElementSpan(4, 3));
    assertThat(footprint.bytesRead()).isEqualTo(6 * 4);
    assertThat(footprint.memory()).isEqualTo(2 * Footprint.PAGE_BYTES);
  }

  @Test
  void severalOrdersOfOneAxisAreOne() {
    TensorSource source = Sources.floats("w", 3, 3);
    Permutation swap = Permutation.of(1, 0, 2);
    TensorSource twice = source.reordered(0, ORDER).reordered(1, swap).reordered(0, swap);
    TensorSource once = source.reordered(0, Permutation.of(0, 2, 1)).reordered(1, swap);
    assertThat(twice).isEqualTo(once);
    assertThat(source.reordered(1, swap).reordered(0, ORDER))
        .isEqualTo(source.reordered(0, ORDER).reordered(1, swap));
    assertThat(source.reordered(0, ORDER).reordered(1, swap).reordered(0, ORDER.inverse()))
        .isEqualTo(source.reordered(1, swap));
    assertThat(source.reordered(0, ORDER).reordered(0, ORDER.inverse())).isSameAs(source);
  }

  @Test
  void rowsNeedAllOfTheTensor() {
    Reordered rows = along(0, 3, 5);
    assertThat(rows.needed(new ElementSpan(4, 1))).isEqualTo(new ElementSpan(0, 15));
    assertThat(rows.streams()).isFalse();
  }

  @Test
  void isAsTheSourceInAllElse() {
    Reordered columns = along(1, 2, 3);
    assertThat(columns.dtype()).isEqualTo(DType.F32);
    assertThat(columns.storedType()).isEqualTo(DType.F32);
    assertThat(columns.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(columns.place(0).element()).isEqualTo(2);
    assertThat(columns.parts()).containsExactly(columns.source());
  }

  @Test
  void theIdentityIsTheTensorItself() {
    TensorSource source = Sources.floats("w", 3, 2);
    assertThat(source.reordered(0, Permutation.identity(3))).isSameAs(source);
    assertThat(source.reordered(0, ORDER)).isEqualTo(new Reordered(source, 0, ORDER));
  }

  @Test
  void twoOrdersHaveTwoIdentities() {
    TensorSource source = Sources.floats("w", 3, 3);
    assertThat(new Reordered(source, 0, ORDER).identity())
        .isEqualTo(new Reordered(source, 0, ORDER).identity())
        .isNotEqualTo(new Reordered(source, 1, ORDER).identity())
        .isNotEqualTo(new Reordered(source, 0, ORDER.inverse()).identity())
        .isNotEqualTo(source.identity());
  }

  @ParameterizedTest
  @CsvSource({"-1", "1", "2"})
  void refusesAnOrderOfSomethingElse(int axis) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> along(axis, 3, 2))
        .withMessageContaining("permutation of 3, 3 moved does not order axis " + axis);
  }

  @Test
  void refusesElementsThatAreNoWholeBytes() {
    TensorSource packed = Sources.stored("w", DType.F4, Shape.of(3, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> new Reordered(packed, 0, ORDER));
  }
}
