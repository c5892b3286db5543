package dev.stockpot.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is asked of every provider: what it stores equals, to the bit, what the scalar kernels
 * store. Which NaN a vector holds is its own affair; stored, there is one.
 */
public abstract class KernelsContract {
  private static final KernelProvider SCALAR = new ScalarProvider();

  /** Around lane widths and the capacity of the CPU kernels, with ragged tails. */
  private static final int[] SIZES = {0, 1, 7, 15, 16, 17, 31, 32, 33, 1_023, 2_047, 2_048};

  /** Elements in the operands before and after the block. */
  private static final int MARGIN = 5;

  private static final List<DType> READABLE =
      Arrays.stream(DType.values()).filter(DType::isReadable).toList();

  private static final List<DType> WRITABLE = READABLE.stream().filter(DType::isWritable).toList();

  private final Operands operands = new Operands();

  protected abstract KernelProvider provider();

  @AfterEach
  void returnBuffers() {
    operands.close();
  }

  static IntStream sizes() {
    return Arrays.stream(SIZES);
  }

  static Stream<Arguments> typesBySize() {
    return READABLE.stream().flatMap(type -> sizes().mapToObj(size -> Arguments.of(type, size)));
  }

  static Stream<Arguments> typesByType() {
    return READABLE.stream().flatMap(in -> WRITABLE.stream().map(out -> Arguments.of(in, out)));
  }

  static Stream<Arguments> operationsBySize() {
    return Arrays.stream(Operation.values())
        .flatMap(operation -> sizes().mapToObj(size -> Arguments.of(operation, size)));
  }

  @Test
  void capacityDividesReductionBlocksAndIsDividedByLanes() {
    try (Kernels<?> kernels = provider().open()) {
      int capacity = kernels.capacity();
      assertThat(
              capacity % Block.REDUCTION_ELEMENTS == 0 || Block.REDUCTION_ELEMENTS % capacity == 0)
          .isTrue();
      assertThat(kernels.capacity() % LaneSum.LANES).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("typesByType")
  void everyTypeIsLoadedAndStored(DType in, DType out) {
    for (int size : SIZES) {
      Operand from = awkward(in, size, 1);
      assertThat(copied(provider().open(), from, out)).isEqualTo(copied(SCALAR.open(), from, out));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"BF16", "F16"})
  void everyPatternOfSixteenBitsIsLoaded(DType in) {
    short[] patterns = new short[1 << 16];
    for (int i = 0; i < patterns.length; i++) {
      patterns[i] = (short) i;
    }
    Operand from = operands.ofPatterns(in, patterns);

    assertThat(copied(provider().open(), from, DType.F32))
        .isEqualTo(copied(SCALAR.open(), from, DType.F32));
  }

  @ParameterizedTest
  @ValueSource(strings = {"BF16", "F16", "F32", "F64"})
  void numbersOfEveryMagnitudeAreStored(DType out) {
    Operand from = awkward(DType.F32, 1 << 18, 2);

    assertThat(copied(provider().open(), from, out)).isEqualTo(copied(SCALAR.open(), from, out));
  }

  private <V> byte[] copied(Kernels<V> opened, Operand from, DType type) {
    Operand to = operands.zeros(type, from.elements());
    try (Kernels<V> kernels = opened) {
      V vector = kernels.vector();
      int inner = from.elements() - 2 * MARGIN; // so that the margins of the output stay zero
      for (int offset = 0; offset < inner; offset += kernels.capacity()) {
        int count = Math.min(kernels.capacity(), inner - offset);
        kernels.begin(new Block(offset, MARGIN + offset, count));
        kernels.load(from, vector);
        kernels.store(vector, to);
      }
    }
    return Operands.bytes(to);
  }

  @ParameterizedTest
  @MethodSource("typesBySize")
  void theDifferenceToAnOriginIsLoaded(DType in, int size) {
    Operand from = awkward(in, size, 1);
    Operand origin = awkward(DType.F32, size, 2);

    assertThat(difference(provider().open(), from, origin, size))
        .isEqualTo(difference(SCALAR.open(), from, origin, size));
  }

  private <V> byte[] difference(Kernels<V> opened, Operand from, Operand origin, int size) {
    try (Kernels<V> kernels = opened) {
      kernels.begin(new Block(0, MARGIN, size));
      V vector = load(kernels, origin);
      kernels.loadDifference(from, vector, vector);
      return stored(kernels, vector, size);
    }
  }

  @ParameterizedTest
  @MethodSource("typesBySize")
  void aMultipleOfAnOperandIsAdded(DType in, int size) {
    Operand from = awkward(in, size, 1);
    Operand sum = awkward(DType.F32, size, 2);

    assertThat(addScaled(provider().open(), from, sum, size))
        .isEqualTo(addScaled(SCALAR.open(), from, sum, size));
  }

  private <V> byte[] addScaled(Kernels<V> opened, Operand from, Operand sum, int size) {
    try (Kernels<V> kernels = opened) {
      kernels.begin(new Block(0, MARGIN, size));
      V vector = load(kernels, sum);
      kernels.addScaled(from, 0.3f, vector);
      kernels.addScaled(from, -0.7f, vector);
      return stored(kernels, vector, size);
    }
  }

  @ParameterizedTest
  @MethodSource("operationsBySize")
  void everyOperationGivesTheSameElementsAndCount(Operation operation, int size) {
    for (int into = 0; into < 3; into++) { // the result is the first operand, the second, neither
      for (int seed = 0; seed < 3; seed++) {
        Operand[] from = {
          awkward(DType.F32, size, 3L * seed),
          operands.of(DType.F32, Samples.tied(size + 2 * MARGIN, 3L * seed + 1)),
          awkward(DType.F32, size, 3L * seed + 2)
        };
        assertThat(calculated(provider().open(), operation, size, into, from))
            .isEqualTo(calculated(SCALAR.open(), operation, size, into, from));
      }
    }
  }

  private <V> String calculated(
      Kernels<V> opened, Operation operation, int size, int into, Operand... from) {
    try (Kernels<V> kernels = opened) {
      kernels.begin(new Block(0, MARGIN, size));
      List<V> vectors =
          List.of(load(kernels, from[0]), load(kernels, from[1]), load(kernels, from[2]));
      int count = operation.apply(kernels, vectors.get(0), vectors.get(1), vectors.get(into));
      return count + " " + HexFormat.of().formatHex(stored(kernels, vectors.get(into), size));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 2_048, 0x7FFF_F800L, 0xFFFF_F800L, 0x1_0000_0000L, 0x12_3456_7890L})
  void theDrawOfAnElementDependsOnItsPlaceInTheTensor(long firstElement) {
    RandomDrop drop = RandomDrop.of(7, 2, "lm_head.weight", 0.4);
    float[] expected = new float[2_048];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = drop.keeps(firstElement + i) ? 1 : 0;
    }

    assertThat(keptOfOnes(provider().open(), drop, firstElement, expected.length))
        .isEqualTo(expected);
  }

  @Test
  void aBlockMayCrossThePlaceWhereTheKeysOfADrawChange() {
    RandomDrop drop = RandomDrop.of(7, 2, "lm_head.weight", 0.4);
    long firstElement = 0xFFFF_FFF3L;
    float[] expected = new float[100];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = drop.keeps(firstElement + i) ? 1 : 0;
    }

    assertThat(keptOfOnes(provider().open(), drop, firstElement, expected.length))
        .isEqualTo(expected);
  }

  private <V> float[] keptOfOnes(Kernels<V> opened, RandomDrop drop, long firstElement, int count) {
    Operand to = operands.zeros(DType.F32, count);
    try (Kernels<V> kernels = opened) {
      kernels.begin(new Block(firstElement, 0, count));
      V vector = load(kernels, operands.of(DType.F32, Samples.filled(count, 1)));
      kernels.keepAtRandom(vector, drop, vector);
      kernels.store(vector, to);
    }
    return Operands.floats(to);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void sumsAreAddedInOneOrder(int size) {
    float[] a = Samples.normal(3 * size, 1e3, 1);
    float[] b = Samples.normal(3 * size, 1e-3, 2);

    assertThat(sums(provider().open(), size, a, b)).isEqualTo(sums(SCALAR.open(), size, a, b));
  }

  @Test
  void sumsOfNumbersOfEveryKindAreTheSame() {
    float[] a = Samples.awkward(3 * 2_048, 1);
    float[] b = Samples.normal(3 * 2_048, 1, 2);

    assertThat(sums(provider().open(), 2_048, a, b)).isEqualTo(sums(SCALAR.open(), 2_048, a, b));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void productsOfEachElementAreAdded(int size) {
    Operand a = awkward(DType.F32, size, 1);
    Operand b = awkward(DType.F32, size, 2);

    assertThat(products(provider().open(), a, b, size))
        .isEqualTo(products(SCALAR.open(), a, b, size));
  }

  private static <V> double[] products(Kernels<V> opened, Operand a, Operand b, int size) {
    double[] sums = new double[size];
    try (Kernels<V> kernels = opened) {
      for (int block = 0; block < 3; block++) {
        kernels.begin(new Block(0, MARGIN - block, size));
        kernels.addProducts(load(kernels, a), load(kernels, b), sums);
      }
    }
    return sums;
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void ownNumbersAreLoaded(int size) {
    float[] numbers = Samples.awkward(size, 1);
    try (Kernels<?> kernels = provider().open()) {
      assertThat(ownStored(kernels, numbers))
          .isEqualTo(Operands.bytes(operands.of(DType.F32, canonical(numbers))));
    }
  }

  private <V> byte[] ownStored(Kernels<V> kernels, float[] numbers) {
    Operand to = operands.zeros(DType.F32, numbers.length);
    V vector = kernels.vector();
    kernels.begin(new Block(0, 0, numbers.length));
    kernels.load(numbers, vector);
    kernels.store(vector, to);
    return Operands.bytes(to);
  }

  private static float[] canonical(float[] numbers) {
    float[] canonical = numbers.clone();
    for (int i = 0; i < canonical.length; i++) {
      canonical[i] = Float.isNaN(canonical[i]) ? Float.NaN : canonical[i];
    }
    return canonical;
  }

  /** Bits of the sums of products and of magnitudes over three blocks; NaN is one NaN. */
  private <V> List<Long> sums(Kernels<V> opened, int size, float[] a, float[] b) {
    Operand from = operands.of(DType.F32, a);
    Operand with = operands.of(DType.F32, b);
    LaneSum products = new LaneSum();
    LaneSum magnitudes = new LaneSum();
    try (Kernels<V> kernels = opened) {
      for (int block = 0; block < 3; block++) {
        kernels.begin(new Block(0, block * size, size));
        V x = load(kernels, from);
        V y = load(kernels, with);
        kernels.addProducts(x, y, products);
        kernels.addMagnitudes(x, magnitudes);
      }
    }
    return Stream.of(products.take(), magnitudes.take()).map(Double::doubleToLongBits).toList();
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void divergencesOfRowsAreTheSame(int size) {
    for (int seed = 0; seed < 20; seed++) {
      for (float deviation : new float[] {1e-3f, 1, 300}) {
        Operand a = operands.of(DType.F32, Samples.normal(size + 2 * MARGIN, deviation, seed));
        Operand b = operands.of(DType.F32, Samples.normal(size + 2 * MARGIN, deviation, -seed - 1));
        assertThat(divergence(provider().open(), a, b, size))
            .isEqualTo(divergence(SCALAR.open(), a, b, size));
        Operand c = awkward(DType.F32, size, seed);
        assertThat(divergence(provider().open(), a, c, size))
            .isEqualTo(divergence(SCALAR.open(), a, c, size));
      }
    }
  }

  private static <V> Double divergence(Kernels<V> opened, Operand a, Operand b, int size) {
    try (Kernels<V> kernels = opened) {
      kernels.begin(new Block(0, MARGIN, size));
      return kernels.divergence(load(kernels, a), load(kernels, b));
    }
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

  private static <V> int[] equal(Kernels<V> opened, float magnitude, Operand from, int size) {
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

  private Operand awkward(DType type, int size, long seed) {
    return operands.of(type, Samples.awkward(size + 2 * MARGIN, seed));
  }

  private static <V> V load(Kernels<V> kernels, Operand from) {
    V vector = kernels.vector();
    kernels.load(from, vector);
    return vector;
  }

  /** What is stored of a vector, and that nothing is stored beside it. */
  private <V> byte[] stored(Kernels<V> kernels, V vector, int size) {
    Operand to = operands.zeros(DType.F32, size + 2 * MARGIN);
    kernels.store(vector, to);
    return Operands.bytes(to);
  }
}
