package dev.stockpot.merge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each code is found in the element that holds it, and stands for its number. */
class UnpackedTest {
  private static long up(long count, long each) {
    return (count + each - 1) / each;
  }

  private static Unpacked of(Packing packing, int rows, int columns, boolean alongColumns) {
    DType type = packing == Packing.E2M1 ? DType.U8 : DType.I32;
    int each = packing.perElement();
    Shape packed =
        alongColumns ? Shape.of(up(rows, each), columns) : Shape.of(rows, up(columns, each));
    return new Unpacked(
        Sources.stored("p", type, packed), packing, Shape.of(rows, columns), alongColumns);
  }

  @Property(tries = 200)
  void everyCodeLiesInTheElementOfItsRowAndColumn(
      @ForAll Packed packing,
      @ForAll @IntRange(min = 1, max = 19) int rows,
      @ForAll @IntRange(min = 1, max = 19) int columns,
      @ForAll boolean alongColumns) {
    Unpacked codes = of(packing.packing, rows, columns, alongColumns);
    int each = packing.packing.perElement();
    for (int code = 0; code < rows * columns; code++) {
      int row = code / columns;
      int column = code % columns;
      long expected =
          alongColumns
              ? (long) row / each * columns + column
              : row * up(columns, each) + column / each;
      assertThat(codes.elementOf(code)).as("%s, %s", row, column).isEqualTo(expected);
    }
  }

  /** Those of several codes in an element. */
  enum Packed {
    INT4(Packing.INT4),
    INT8(Packing.INT8),
    E2M1(Packing.E2M1);

    private final Packing packing;

    Packed(Packing packing) {
      this.packing = packing;
    }
  }

  @Property(tries = 300)
  void aSpanNeedsAllElementsOfItsCodesAndBeginsAndEndsWithOne(
      @ForAll Packed packing,
      @ForAll @IntRange(min = 1, max = 13) int rows,
      @ForAll @IntRange(min = 1, max = 13) int columns,
      @ForAll boolean alongColumns,
      @ForAll @IntRange(min = 0, max = 168) int from,
      @ForAll @IntRange(min = 1, max = 60) int some) {
    Unpacked codes = of(packing.packing, rows, columns, alongColumns);
    long all = codes.shape().elements();
    long first = from % all;
    ElementSpan span = new ElementSpan(first, Math.min(some, all - first));
    Set<Long> holding = new HashSet<>();
    for (long code = span.first(); code < span.end(); code++) {
      holding.add(codes.elementOf(code));
    }
    ElementSpan packed = codes.packedOf(span);
    assertThat(holding).allMatch(it -> it >= packed.first() && it < packed.end());
    assertThat(packed.end()).isLessThanOrEqualTo(codes.packed().shape().elements());
    if (!alongColumns) {
      assertThat(holding).contains(packed.first(), packed.end() - 1);
      assertThat(packed.count()).as("no hole along rows").isEqualTo(holding.size());
    }
  }

  @Test
  void noCodesNeedNothing() {
    assertThat(of(Packing.INT4, 3, 8, false).packedOf(new ElementSpan(9, 0)))
        .isEqualTo(new ElementSpan(0, 0));
  }

  @Test
  void onePieceOfARowNeedsNoMoreThanThat() {
    Unpacked codes = of(Packing.INT4, 16, 5, true);
    assertThat(codes.packedOf(new ElementSpan(6, 2))).as("row 1").isEqualTo(new ElementSpan(1, 2));
    assertThat(codes.packedOf(new ElementSpan(8, 4)))
        .as("the end of row 1 and the beginning of row 2")
        .isEqualTo(new ElementSpan(0, 5));
    assertThat(codes.place(6).element()).isEqualTo(1);
  }

  @Test
  void codesAreNumbersBeforeAnyScale() {
    Unpacked codes = of(Packing.E2M1, 2, 3, false);
    assertThat(codes.dtype()).isEqualTo(DType.F32);
    assertThat(codes.footprint(new ElementSpan(3, 3)).bytesRead())
        .as("the second row")
        .isEqualTo(2);
    assertThat(codes.identity()).contains("unpacked", Packing.E2M1, Shape.of(2, 3), false);
  }

  @ParameterizedTest
  @CsvSource({
    "INT4, I32, 2, 1, 2, 9",
    "INT4, U8, 2, 2, 2, 9",
    "INT8, I32, 2, 2, 2, 9",
    "SIGNED, U8, 2, 9, 2, 9",
    "E2M1, F4, 2, 5, 2, 9",
    "EXPONENT, I8, 2, 9, 2, 9"
  })
  void refusesElementsThatCannotHoldThem(
      Packing packing, DType type, int packedRows, int packedColumns, int rows, int columns) {
    Stored packed = Sources.stored("p", type, Shape.of(packedRows, packedColumns));
    assertThatThrownBy(() -> new Unpacked(packed, packing, Shape.of(rows, columns)).dtype())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "%s [%s, %s] do not hold codes of [%s, %s] as %s"
                .formatted(type, packedRows, packedColumns, rows, columns, packing));
  }

  @Test
  void codesStandForTheNumbersOfTheirFormat() {
    assertThat(Packing.INT4.value(0)).isEqualTo(-8);
    assertThat(Packing.INT4.value(15)).isEqualTo(7);
    assertThat(Packing.INT8.value(0)).isEqualTo(-128);
    assertThat(Packing.INT8.value(255)).isEqualTo(127);
    assertThat(Packing.SIGNED.value(0x80)).isEqualTo(-128);
    assertThat(Packing.SIGNED.value(0x7F)).isEqualTo(127);
  }

  /** {@code (-1)^s · 2^(e-1) · (1 + m/2)}, and {@code (-1)^s · m/2} where the exponent is 0. */
  @Test
  void fourBitsAreASignTwoOfExponentAndOneOfFraction() {
    for (int code = 0; code < 16; code++) {
      int exponent = code >> 1 & 3;
      double fraction = (code & 1) / 2.0;
      double magnitude = exponent == 0 ? fraction : Math.scalb(1 + fraction, exponent - 1);
      float expected = (float) (code >= 8 ? -magnitude : magnitude);
      assertThat(Packing.E2M1.value(code)).as("code %s", code).isEqualTo(expected);
    }
    assertThat(Float.floatToRawIntBits(Packing.E2M1.value(8))).isEqualTo(0x8000_0000);
  }

  @Test
  void exponentsArePowersOfTwoAndTheLastIsNoNumber() {
    assertThat(Packing.EXPONENT.value(127)).isEqualTo(1);
    assertThat(Packing.EXPONENT.value(0)).isEqualTo(0x1p-127f);
    assertThat(Packing.EXPONENT.value(254)).isEqualTo(0x1p127f);
    assertThat(Packing.EXPONENT.value(255)).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"INT4, 8, 4", "INT8, 4, 8", "SIGNED, 1, 8", "E2M1, 2, 4", "EXPONENT, 1, 8"})
  void anElementHoldsAsManyAsItHasBitsFor(Packing packing, int each, int bits) {
    assertThat(packing.perElement()).isEqualTo(each);
    assertThat(packing.bits()).isEqualTo(bits);
  }

  @Test
  void exponentsMayHaveATypeOfTheirOwn() {
    assertThat(Packing.EXPONENT.fits(DType.F8_E8M0)).isTrue();
    assertThat(Packing.EXPONENT.fits(DType.U8)).isTrue();
    assertThat(Packing.E2M1.fits(DType.F8_E8M0)).isFalse();
  }
}
