package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.rapids.cudf.Gpu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Each operation of cudf that moves, chooses or counts elements, against the model of it. */
class GpuMovesTest extends BesideGpu {
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
          return s.own(s.device().scatter(floats(s, 2), places, floats(s, 1)));
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
}
