package dev.stockpot.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float16;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.LostUpdates;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is asked of every provider when it stores by stochastic rounding and counts lost updates:
 * the same bits and the same counts as the scalar kernels.
 */
public abstract class StoringContract extends NonFiniteContract {
  static Stream<Arguments> sixteenBitTypesByBase() {
    return Stream.of(DType.BF16, DType.F16)
        .flatMap(
            type ->
                Stream.of(DType.values())
                    .filter(DType::isReadable)
                    .map(base -> Arguments.of(type, base)));
  }

  @ParameterizedTest
  @MethodSource("typesBySize")
  void numbersOfEveryKindAreRoundedByTheSameDraws(DType type, int size) {
    for (long first : new long[] {0, 2_048, 0x7FFF_F800L, 0xFFFF_FFF3L, 0x12_3456_7890L}) {
      float[] values = Samples.awkward(size + 2 * MARGIN, first);
      assertThat(stored(provider().open(), type, values, first, stochastic(3)))
          .isEqualTo(stored(SCALAR.open(), type, values, first, stochastic(3)));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void elementsAreRoundedAsTheFormatsSay(DType type) {
    long first = 0xFFFF_FFF3L; // within these, the keys of the draws change
    int size = 2_000;
    float[] values = Samples.awkward(size + 2 * MARGIN, 1);
    int[] draws = new int[size];
    stochastic(3).draws().draw(first, size, draws);
    short[] expected = new short[size + 2 * MARGIN];
    for (int i = 0; i < size; i++) {
      float value = values[MARGIN + i];
      expected[MARGIN + i] =
          type == DType.BF16
              ? Bfloat16.fromFloat(value, draws[i])
              : Float16.fromFloat(value, draws[i]);
    }
    assertThat(stored(provider().open(), type, values, first, stochastic(3)))
        .isEqualTo(Operands.bytes(operands.ofPatterns(type, expected)));
  }

  private <V> byte[] stored(
      Kernels<V> opened, DType type, float[] values, long first, Rounding rounding) {
    Operand to = operands.output(type, values.length, rounding, Optional.empty());
    try (Kernels<V> kernels = opened) {
      store(kernels, operands.of(DType.F32, values), to, first);
    }
    return Operands.bytes(to);
  }

  @ParameterizedTest
  @MethodSource("sixteenBitTypesByBase")
  void lostUpdatesAreCounted(DType type, DType baseType) {
    KernelsContract.sizes()
        .forEach(
            size -> {
              Operand base = operands.of(baseType, Samples.awkward(size + 2 * MARGIN, 1));
              float[] values = nearby(Operands.floats(base));
              for (Rounding rounding : new Rounding[] {Rounding.NEAREST, stochastic(3)}) {
                assertThat(counted(provider().open(), type, base, values, rounding))
                    .isEqualTo(expected(type, base, values, rounding));
              }
            });
  }

  /** A third as they are, a third a little larger, a third other numbers of any kind. */
  private static float[] nearby(float[] base) {
    float[] values = Samples.awkward(base.length, 2);
    for (int i = 0; i < base.length; i++) {
      if (i % 3 < 2) {
        values[i] = i % 3 == 0 ? base[i] : base[i] * (1 + 0x1p-10f);
      }
    }
    return values;
  }

  private <V> LostUpdates counted(
      Kernels<V> opened, DType type, Operand base, float[] values, Rounding rounding) {
    UpdateTally tally = new UpdateTally(base);
    Operand to = operands.output(type, values.length, rounding, Optional.of(tally));
    try (Kernels<V> kernels = opened) {
      store(kernels, operands.of(DType.F32, values), to, 0);
    }
    return tally.found();
  }

  /** By the definition: stored once with the update, once without. */
  private LostUpdates expected(DType type, Operand base, float[] values, Rounding rounding) {
    float[] without = Operands.floats(base);
    byte[] stored = stored(SCALAR.open(), type, values, 0, rounding);
    byte[] storedWithout = stored(SCALAR.open(), type, without, 0, rounding);
    long updated = 0;
    long lost = 0;
    for (int i = MARGIN; i < values.length - MARGIN; i++) {
      if (values[i] != without[i] && !(Float.isNaN(values[i]) && Float.isNaN(without[i]))) {
        updated++;
        boolean alike =
            stored[2 * i] == storedWithout[2 * i] && stored[2 * i + 1] == storedWithout[2 * i + 1];
        lost += alike ? 1 : 0;
      }
    }
    return new LostUpdates(updated, lost);
  }

  @Test
  void smallUpdatesAreLostInBfloat16AndKeptOnAverageByChance() {
    int elements = 1 << 18;
    float[] weights = Samples.normal(elements, 0.02, 1);
    Operand base = operands.of(DType.BF16, weights);
    float[] merged = Operands.floats(base);
    float[] steps = Samples.normal(elements, 1e-5, 2);
    double step = 0;
    for (int i = 0; i < elements; i++) {
      float before = merged[i];
      merged[i] += Math.abs(steps[i]); // all in one direction, so that what is lost adds up
      step += (double) merged[i] - before;
    }
    LostUpdates nearest = counted(base, merged, Rounding.NEAREST);
    // METHODS.md measured 88 %, of updates of either sign
    assertThat((double) nearest.lost() / nearest.updated()).isBetween(0.84, 0.92);
    assertThat(meanStep(base, merged, Rounding.NEAREST)).isLessThan(0.8 * step / elements);

    // steps of bfloat16 between 2^-7 and 2^-4 are at most 2^-12 wide: four sigma of a mean of draws
    double fourSigma = 4 * 0.5 * 0x1p-12 / Math.sqrt(elements);
    assertThat(meanStep(base, merged, stochastic(5)))
        .isCloseTo(step / elements, org.assertj.core.data.Offset.offset(fourSigma));
  }

  private LostUpdates counted(Operand base, float[] values, Rounding rounding) {
    UpdateTally tally = new UpdateTally(base);
    storeAll(values, operands.output(DType.BF16, values.length, rounding, Optional.of(tally)));
    return tally.found();
  }

  private double meanStep(Operand base, float[] values, Rounding rounding) {
    Operand to = operands.output(DType.BF16, values.length, rounding, Optional.empty());
    storeAll(values, to);
    float[] before = Operands.floats(base);
    float[] after = Operands.floats(to);
    double sum = 0;
    for (int i = 0; i < before.length; i++) {
      sum += (double) after[i] - before[i];
    }
    return sum / before.length;
  }
}
