package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.Samples;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operation of cudf that calculates, against the model that stands for it. */
class GpuDeviceTest extends BesideGpu {
  static Stream<Arguments> floatOperations() {
    return Stream.of(
            BinaryOperation.ADD,
            BinaryOperation.SUBTRACT,
            BinaryOperation.MULTIPLY,
            BinaryOperation.DIVIDE)
        .flatMap(
            operation ->
                Stream.of(
                    Arguments.of(operation, ColumnType.FLOAT32),
                    Arguments.of(operation, ColumnType.FLOAT64)));
  }

  @ParameterizedTest
  @MethodSource("floatOperations")
  void floatsAreCalculatedAlike(BinaryOperation operation, ColumnType type) {
    assertSame(
        s -> {
          Column a = floats(s, 1);
          return s.binary(operation, a, floats(s, 2), type);
        });
    assertSame(s -> s.binary(operation, floats(s, 1), Literal.of(-0.3f), ColumnType.FLOAT32));
    assertSame(
        s -> {
          Column wide =
              s.binary(operation, floats(s, 1), Literal.float64(-0.3), ColumnType.FLOAT64);
          return s.binary(operation, wide, Literal.float64(0.7), ColumnType.FLOAT64);
        });
  }

  @Test
  void floatsAreComparedAlike() {
    for (BinaryOperation comparison :
        List.of(
            BinaryOperation.EQUAL,
            BinaryOperation.NOT_EQUAL,
            BinaryOperation.LESS,
            BinaryOperation.LESS_OR_EQUAL,
            BinaryOperation.GREATER,
            BinaryOperation.GREATER_OR_EQUAL)) {
      assertSame(s -> s.is(comparison, floats(s, 1), floats(s, 2)));
      assertSame(s -> s.is(comparison, floats(s, 1), Literal.of(0)));
    }
    assertSame(s -> s.isNan(floats(s, 1)));
    assertSame(
        s ->
            s.is(
                BinaryOperation.LESS,
                s.cast(floats(s, 1), ColumnType.FLOAT64),
                Literal.float64(-0.5)));
  }

  @Test
  void bitsAreCalculatedAlike() {
    for (BinaryOperation operation :
        List.of(
            BinaryOperation.ADD,
            BinaryOperation.SUBTRACT,
            BinaryOperation.MULTIPLY,
            BinaryOperation.AND,
            BinaryOperation.OR,
            BinaryOperation.XOR,
            BinaryOperation.EQUAL,
            BinaryOperation.LESS,
            BinaryOperation.GREATER)) {
      boolean compares = ColumnArithmetic.isComparison(operation);
      ColumnType type = compares ? ColumnType.BOOL8 : ColumnType.UINT32;
      assertSame(s -> s.binary(operation, bits(s, 1), bits(s, 2), type));
      assertSame(s -> s.binary(operation, bits(s, 1), Literal.uint32(0x9E3779B9), type));
    }
    assertSame(
        s ->
            s.binary(
                BinaryOperation.SHIFT_RIGHT, bits(s, 1), Literal.uint32(16), ColumnType.UINT16));
    assertSame(
        s ->
            s.binary(
                BinaryOperation.SHIFT_LEFT, bits(s, 1), Literal.uint32(16), ColumnType.UINT32));
  }

  @Test
  void exponentialsAndLogarithmsAreCalculatedAlike() {
    assertSame(s -> ElementaryColumns.exp(s, powers(s, floats(s, 1))));
    float[] numbers =
        Samples.normal(ROWS, 3_000, 1); // none NaN, of which a logarithm is some number
    assertSame(
        s -> {
          Column floats = s.own(s.device().uploadFloats(numbers, ROWS));
          Column exponentials = ElementaryColumns.exp(s, powers(s, floats));
          Literal least = Literal.float64(1e-8);
          return ElementaryColumns.log(
              s, s.binary(BinaryOperation.ADD, exponentials, least, ColumnType.FLOAT64));
        });
  }

  /** None above zero. */
  private static Column powers(Scratch s, Column floats) {
    Column magnitudes = Selections.absolute(s, floats);
    return s.binary(
        BinaryOperation.MULTIPLY, magnitudes, Literal.float64(-0.01), ColumnType.FLOAT64);
  }

  @Test
  void wideBitsAreShiftedAlike() {
    assertSame(
        s -> {
          Column small =
              s.binary(BinaryOperation.AND, bits(s, 1), Literal.uint32(63), ColumnType.UINT32);
          Column mantissa =
              s.binary(
                  BinaryOperation.AND, bits(s, 2), Literal.uint32(0xFFFFFF), ColumnType.UINT32);
          Column wide =
              s.binary(
                  BinaryOperation.SHIFT_LEFT,
                  s.cast(mantissa, ColumnType.UINT64),
                  Literal.uint64(32),
                  ColumnType.UINT64);
          return s.binary(
              BinaryOperation.SHIFT_RIGHT,
              wide,
              s.cast(small, ColumnType.UINT64),
              ColumnType.UINT64);
        });
  }

  @Test
  void numbersAreConvertedAlike() {
    assertSame(s -> s.cast(floats(s, 1), ColumnType.FLOAT64));
    assertSame(
        s -> {
          Column wide =
              s.binary(BinaryOperation.MULTIPLY, floats(s, 1), floats(s, 2), ColumnType.FLOAT64);
          return s.cast(wide, ColumnType.FLOAT32);
        });
    assertSame(
        s ->
            s.binary(BinaryOperation.ADD, bits(s, 1), Literal.float64(0x1p39), ColumnType.FLOAT32));
    assertSame(s -> Narrowing.toBfloat16(s, floats(s, 1)));
    assertSame(s -> Narrowing.toFloat16(s, floats(s, 1)));
  }

  @Test
  void masksAreNumbersAndComparedAlike() {
    Function<Scratch, Column> mask = s -> s.is(BinaryOperation.LESS, floats(s, 1), floats(s, 2));
    Function<Scratch, Column> other = s -> s.is(BinaryOperation.LESS, floats(s, 3), floats(s, 4));
    assertSame(s -> s.is(BinaryOperation.EQUAL, mask.apply(s), other.apply(s)));
    assertSame(s -> s.binary(BinaryOperation.ADD, floats(s, 1), mask.apply(s), ColumnType.FLOAT32));
    assertSame(
        s ->
            s.binary(
                BinaryOperation.MULTIPLY, mask.apply(s), Literal.of(0.7f), ColumnType.FLOAT32));
  }

  @Test
  void integersAreDividedAlike() {
    assertSame(
        s -> s.binary(BinaryOperation.DIVIDE, bits(s, 1), Literal.uint32(700), ColumnType.UINT32));
    assertSame(
        s ->
            s.binary(
                BinaryOperation.MULTIPLY, bits(s, 1), Literal.uint64(1 << 20), ColumnType.UINT64));
  }

  @Test
  void moreNumbersThanAreKeptAreAddedAlike() {
    assertSame(
        s -> {
          Column sum = floats(s, 1);
          for (int i = 0; i < 200; i++) {
            sum = s.binary(BinaryOperation.ADD, sum, Literal.of(i % 130), ColumnType.FLOAT32);
          }
          return sum;
        });
  }
}
