package dev.stockpot.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.MagnitudeRange;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is asked of every provider that counts: the numbers that the scalar kernels count. */
abstract class CountingContract {
  static final KernelProvider SCALAR = new ScalarProvider();

  /** Around lane widths and the capacity of the CPU kernels, with ragged tails. */
  static final int[] SIZES = {0, 1, 7, 15, 16, 17, 31, 32, 33, 1_023, 2_047, 2_048};

  /** Elements in the operands before and after the block. */
  static final int MARGIN = 5;

  final Operands operands = new Operands();

  protected abstract KernelProvider provider();

  @AfterEach
  final void returnBuffers() {
    operands.close();
  }

  static IntStream sizes() {
    return Arrays.stream(SIZES);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void equalMagnitudesAreCounted(int size) {
    Operand from = awkward(DType.F32, size, 1);
    for (float magnitude : new float[] {0, 0.5f, Float.POSITIVE_INFINITY, Float.NaN}) {
      assertThat(equal(provider().open(), magnitude, from, size))
          .isEqualTo(equal(SCALAR.open(), magnitude, from, size));
    }
  }

  private static <V> int equal(Kernels<V> opened, float magnitude, Operand from, int size) {
    try (Kernels<V> kernels = opened) {
      kernels.begin(new Block(0, MARGIN, size));
      return kernels.countEqual(load(kernels, from), magnitude);
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void magnitudesAreCountedByTheirBits(int size) {
    for (int bin : new int[] {MagnitudeCounts.ALL_BINS, 0x3F00, 0, 0x7F80, 0x7FC0}) {
      Operand from = awkward(DType.F32, size, 1);
      assertThat(counts(provider().open(), bin, from, size))
          .isEqualTo(counts(SCALAR.open(), bin, from, size));
    }
  }

  private static <V> int[] counts(Kernels<V> opened, int bin, Operand from, int size) {
    MagnitudeCounts counts = new MagnitudeCounts(bin);
    try (Kernels<V> kernels = opened) {
      kernels.begin(new Block(0, MARGIN, size));
      V vector = load(kernels, from);
      kernels.count(vector, counts);
      kernels.count(vector, counts);
    }
    return counts.counts();
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void magnitudesInARangeAreCountedOneByOne(int size) {
    int[][] ranges = {
      {0, 1},
      {0, MagnitudeRange.MOST},
      {0x3F000000, 0x3F000001},
      {0x3EF00000, 0x3F0F0000},
      {0x7F7F0000, 0x7F810000},
      {0x7FB00000, MagnitudeCounts.NAN + 1}
    };
    for (int[] ends : ranges) {
      Operand from = awkward(DType.F32, size, 1);
      MagnitudeRange expected = range(SCALAR.open(), ends, from, size);
      MagnitudeRange counted = range(provider().open(), ends, from, size);

      assertThat(counted.above()).isEqualTo(expected.above());
      assertThat(counted.places()).isEqualTo(expected.places());
      for (int place : expected.places()) {
        assertThat(counted.countAt(place)).isEqualTo(expected.countAt(place));
      }
    }
  }

  private static <V> MagnitudeRange range(Kernels<V> opened, int[] ends, Operand from, int size) {
    MagnitudeRange range = new MagnitudeRange(ends[0], ends[1]);
    try (Kernels<V> kernels = opened) {
      kernels.begin(new Block(0, MARGIN, size));
      V vector = load(kernels, from);
      kernels.count(vector, range);
      kernels.count(vector, range);
    }
    return range;
  }

  final Operand awkward(DType type, int size, long seed) {
    return operands.of(type, Samples.awkward(size + 2 * MARGIN, seed));
  }

  static <V> V load(Kernels<V> kernels, Operand from) {
    V vector = kernels.vector();
    kernels.load(from, vector);
    return vector;
  }

  /** What is stored of a vector, and that nothing is stored beside it. */
  final <V> byte[] stored(Kernels<V> kernels, V vector, int size) {
    Operand to = operands.zeros(DType.F32, size + 2 * MARGIN);
    kernels.store(vector, to);
    return Operands.bytes(to);
  }
}
