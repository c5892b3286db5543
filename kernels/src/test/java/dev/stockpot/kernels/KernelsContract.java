package dev.stockpot.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.statistic.LaneSum;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is asked of every provider: what it stores equals, to the bit, what the scalar kernels
 * store. Which NaN a vector holds is its own affair; stored, there is one.
 */
public abstract class KernelsContract extends SumsContract {
  private static final List<DType> READABLE =
      Arrays.stream(DType.values()).filter(DType::isReadable).toList();

  private static final List<DType> WRITABLE = READABLE.stream().filter(DType::isWritable).toList();

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
  void everyOperationGivesTheSameElements(Operation operation, int size) {
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
      operation.apply(kernels, vectors.get(0), vectors.get(1), vectors.get(into));
      return HexFormat.of().formatHex(stored(kernels, vectors.get(into), size));
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void electedElementsAreAddedWithTheirWeights(int size) {
    int length = size + 2 * MARGIN;
    Operand[][] pairs = {
      {awkward(DType.F32, size, 1), awkward(DType.F32, size, 2)},
      {operands.of(DType.F32, Samples.tied(length, 1)), awkward(DType.F32, size, 3)},
      {
        operands.of(DType.F32, Samples.tied(length, 2)),
        operands.of(DType.F32, Samples.tied(length, 3))
      },
      {
        operands.of(DType.F32, Samples.filled(length, Float.POSITIVE_INFINITY)),
        operands.of(DType.F32, Samples.tied(length, 4))
      },
      {
        operands.of(DType.F32, Samples.filled(length, Float.POSITIVE_INFINITY)),
        operands.of(DType.F32, Samples.filled(length, Float.NEGATIVE_INFINITY))
      },
      {
        operands.of(DType.F32, Samples.filled(length, -0f)),
        operands.of(DType.F32, Samples.normal(length, 1, 5))
      }
    };
    for (Operand[] pair : pairs) {
      assertThat(elected(provider().open(), pair, size))
          .isEqualTo(elected(SCALAR.open(), pair, size));
    }
  }

  private <V> String elected(Kernels<V> opened, Operand[] from, int size) {
    try (Kernels<V> kernels = opened) {
      kernels.begin(new Block(0, MARGIN, size));
      List<V> zeros = Stream.generate(kernels::vector).limit(4).toList();
      zeros.forEach(kernels::zero);
      V sum = zeros.get(0);
      V a = load(kernels, from[0]);
      V b = load(kernels, from[1]);
      kernels.scaleAndAdd(a, 0.3f, sum);
      kernels.scaleAndAdd(b, -0.7f, sum);
      V again = kernels.vector();
      kernels.scale(a, 1, again);
      kernels.addElected(again, sum, zeros.get(3));
      kernels.scale(b, 1, again);
      kernels.addElected(again, sum, zeros.get(3));
      kernels.addElected(a, sum, 0.3f, zeros.get(1), zeros.get(2));
      kernels.addElected(b, sum, -0.7f, zeros.get(1), zeros.get(2));
      return zeros.stream()
          .map(vector -> HexFormat.of().formatHex(stored(kernels, vector, size)))
          .collect(Collectors.joining(" "));
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
    assertThat(drawnOfEqualOnes(provider().open(), drop, firstElement, expected.length))
        .isEqualTo(expected);
  }

  private <V> float[] drawnOfEqualOnes(
      Kernels<V> opened, RandomDrop drop, long firstElement, int count) {
    Operand to = operands.zeros(DType.F32, count);
    try (Kernels<V> kernels = opened) {
      kernels.begin(new Block(firstElement, 0, count));
      V vector = load(kernels, operands.of(DType.F32, Samples.filled(count, 1)));
      kernels.keepLargest(vector, 1, drop, vector);
      kernels.store(vector, to);
    }
    return Operands.floats(to);
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
}
