package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.rapids.cudf.Gpu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operation of cudf against the model that stands for it where there is no GPU. */
@Tag("gpu")
class GpuDeviceTest {
  private static final int ROWS = 10_000;

  @BeforeAll
  static void requireGpu() {
    Gpu.require();
  }

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
  void elementsAreChosenAlike() {
    Function<Scratch, Column> mask = s -> s.is(BinaryOperation.LESS, floats(s, 1), floats(s, 2));
    assertSame(s -> s.select(mask.apply(s), floats(s, 3), floats(s, 4)));
    assertSame(s -> s.select(mask.apply(s), Literal.of(-0f), floats(s, 4)));
    assertSame(s -> s.select(mask.apply(s), floats(s, 4), Literal.of(-0f)));
    assertSame(s -> s.own(s.device().filter(floats(s, 3), mask.apply(s))));
    assertSame(s -> s.own(s.device().slice(floats(s, 3), 100, 300)));
    assertSame(s -> s.own(s.device().joined(floats(s, 3), s.slice(floats(s, 2), 3, 700))));
    assertSame(s -> s.own(s.device().repeated(s.slice(floats(s, 3), 5, 300), 33)));
    assertSame(s -> s.own(s.device().repeated(s.own(s.device().uploadDoubles(0.3, -1e300)), 3)));
    assertSame(s -> s.own(s.device().sequence(0xFFFF_FF00, ROWS)));
    assertSame(s -> s.own(s.device().filled(Literal.of(0.3f), ROWS)));
    assertSame(
        s -> {
          Column map =
              s.binary(
                  BinaryOperation.SHIFT_RIGHT, bits(s, 1), Literal.uint32(19), ColumnType.UINT16);
          return s.own(s.device().gather(floats(s, 2), map));
        });
  }

  @Test
  void partsAreReadAlike() {
    assertSame(s -> s.slice(floats(s, 1), 0, 9));
    assertSame(s -> s.slice(s.slice(floats(s, 1), 5, 500), 7, 9));
    assertSame(s -> s.bits(s.slice(floats(s, 1), 5, 500), ColumnType.UINT32));
    assertSame(s -> s.slice(s.cast(floats(s, 1), ColumnType.FLOAT64), ROWS - 3, 3));
    assertSame(s -> s.slice(s.is(BinaryOperation.LESS, floats(s, 1), floats(s, 2)), 1, 700));
    assertSame(s -> s.own(s.device().filter(s.slice(floats(s, 1), 5, 500), mask(s, 500))));
  }

  @Test
  void elementsInAnotherTypeAreMovedAlike() {
    assertSame(s -> s.own(s.device().filter(bits(s, 1), mask(s, ROWS))));
    assertSame(s -> s.own(s.device().filter(s.slice(bits(s, 1), 5, 500), mask(s, 500))));
    assertSame(s -> s.own(s.device().gather(bits(s, 1), s.own(s.device().sequence(7, 99)))));
    assertSame(
        s -> {
          Column kept = s.own(s.device().filter(bits(s, 1), mask(s, ROWS)));
          return s.binary(BinaryOperation.ADD, kept, Literal.uint32(1), ColumnType.UINT32);
        });
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
  void numbersAreSortedAndScatteredAlike() {
    Function<Scratch, Column> sorted =
        s -> {
          Column magnitudes = s.cast(Selections.bits(s, floats(s, 1)), ColumnType.UINT64);
          Column high =
              s.binary(
                  BinaryOperation.MULTIPLY, magnitudes, Literal.uint64(1 << 16), ColumnType.UINT64);
          Column places = s.own(s.device().sequence(0, ROWS));
          return s.own(
              s.device().sorted(s.binary(BinaryOperation.ADD, high, places, ColumnType.UINT64)));
        };
    assertSame(sorted);
    assertSame(
        s -> {
          Column places =
              s.binary(
                  BinaryOperation.AND, sorted.apply(s), Literal.uint64(0xFFFF), ColumnType.UINT32);
          return s.own(s.device().scatter(floats(s, 2), places));
        });
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

  @Test
  void nothingIsReadAlike() {
    assertSame(s -> nothing(s));
    assertSame(s -> s.binary(BinaryOperation.ADD, nothing(s), Literal.of(1), ColumnType.FLOAT32));
    try (Device gpu = Gpu.device();
        Scratch s = new Scratch(gpu)) {
      assertThat(gpu.downloadFloats(nothing(s))).isEmpty();
      assertThat(gpu.downloadInts(s.bits(nothing(s), ColumnType.UINT32))).isEmpty();
      assertThat(gpu.count(s.isNan(nothing(s)))).isZero();
    }
  }

  private static Column mask(Scratch s, int rows) {
    return s.isNan(s.slice(floats(s, 2), 0, rows));
  }

  private static Column nothing(Scratch s) {
    Column some = floats(s, 1);
    return s.own(
        s.device().filter(some, s.is(BinaryOperation.NOT_EQUAL, bitsOf(s, some), bitsOf(s, some))));
  }

  private static Column bitsOf(Scratch s, Column a) {
    return s.bits(a, ColumnType.UINT32);
  }

  @Test
  void elementsAreCountedAlike() {
    List<List<Integer>> counts = new ArrayList<>();
    for (Device device : List.of(Gpu.device(), new JavaDevice(new ModelMemory()))) {
      try (Scratch s = new Scratch(device)) {
        Column mask = s.is(BinaryOperation.LESS, floats(s, 1), floats(s, 2));
        Column digits =
            s.binary(
                BinaryOperation.SHIFT_RIGHT, bits(s, 1), Literal.uint32(16), ColumnType.UINT16);
        List<Integer> found = new ArrayList<>(List.of(device.count(mask)));
        int[] ends = {1, 300, ROWS};
        Arrays.stream(device.counts(mask, ends)).forEach(found::add);
        Arrays.stream(device.histogram(digits)).forEach(found::add);
        counts.add(found);
      }
      device.close();
    }
    assertThat(counts.get(0)).isEqualTo(counts.get(1));
  }

  @Test
  void theLargestAreFoundAlike() {
    float[] numbers = Samples.normal(ROWS, 1, 1);
    Arrays.fill(numbers, 300, 320, Float.NEGATIVE_INFINITY);
    List<float[]> found = new ArrayList<>();
    for (Device device : List.of(Gpu.device(), new JavaDevice(new ModelMemory()))) {
      try (Scratch s = new Scratch(device)) {
        Column floats = s.own(device.uploadFloats(numbers, ROWS));
        found.add(device.largest(floats, new int[] {1, 300, 320, ROWS}));
      }
      device.close();
    }
    assertThat(found.get(0)).isEqualTo(found.get(1));
  }

  private static Column floats(Scratch s, long seed) {
    return s.own(s.device().uploadFloats(Samples.awkward(ROWS, seed), ROWS));
  }

  private static Column bits(Scratch s, long seed) {
    return s.bits(floats(s, seed), ColumnType.UINT32);
  }

  /** The same bytes of both devices, all NaN being one. */
  private static void assertSame(Function<Scratch, Column> operation) {
    JavaDevice model = new JavaDevice(new ModelMemory());
    Device gpu = Gpu.device();
    assertThat(result(gpu, operation)).isEqualTo(result(model, operation));
    gpu.close();
  }

  private static List<Object> result(Device device, Function<Scratch, Column> operation) {
    try (Scratch s = new Scratch(device);
        BufferAllocator allocator = new RootAllocator()) {
      Column column = operation.apply(s);
      int bytes = column.rows() * column.type().bytes();
      List<Object> elements = new ArrayList<>(List.of(column.type(), column.rows()));
      try (ArrowBuf buffer = allocator.buffer(bytes)) {
        device.download(column, buffer, 0);
        for (int at = 0; at < bytes; at += column.type().bytes()) {
          elements.add(element(column.type(), buffer, at));
        }
      }
      return elements;
    }
  }

  private static Object element(ColumnType type, ArrowBuf buffer, int at) {
    return switch (type) {
      case FLOAT32 -> Float.floatToIntBits(buffer.getFloat(at));
      case FLOAT64 -> Double.doubleToLongBits(buffer.getDouble(at));
      default ->
          switch (type.bytes()) {
            case 1 -> buffer.getByte(at);
            case 2 -> buffer.getShort(at);
            case 4 -> buffer.getInt(at);
            default -> buffer.getLong(at);
          };
    };
  }
}
