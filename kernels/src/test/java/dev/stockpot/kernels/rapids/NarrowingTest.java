package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.Float16;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/**
 * The steps from float32 to 16 bits, against the number formats themselves, which are tested on all
 * numbers: on one of every 4,093 patterns, so on each exponent with more than 2,000 mantissas, and
 * on all next to those where the result changes.
 */
class NarrowingTest {
  private static final int STRIDE = 4_093; // a prime: neighbouring samples differ in all lower bits
  private static final int PIECE = 1 << 17;

  private final ModelMemory memory = new ModelMemory();

  @FunctionalInterface
  private interface Reference {
    short of(float value);
  }

  @Test
  void bfloat16IsRoundedByTheSameStepsEverywhere() {
    assertSameOnSample(Narrowing::toBfloat16, Bfloat16::fromFloat);
    assertSameAtSteps(Narrowing::toBfloat16, Bfloat16::fromFloat, 16);
  }

  @Test
  void float16IsRoundedByTheSameStepsEverywhere() {
    assertSameOnSample(Narrowing::toFloat16, Float16::fromFloat);
    assertSameAtSteps(Narrowing::toFloat16, Float16::fromFloat, Float16.LOST_BITS);
  }

  private void assertSameOnSample(BiFunction<Scratch, Column, Column> steps, Reference reference) {
    for (long first = 0; first < 1L << 32; first += (long) PIECE * STRIDE) {
      float[] values = new float[PIECE];
      for (int i = 0; i < PIECE; i++) {
        values[i] = Float.intBitsToFloat((int) (first + (long) i * STRIDE));
      }
      assertSame(values, steps, reference);
    }
  }

  /** Just below, at and just above each half step of the kept bits, for either sign. */
  private void assertSameAtSteps(
      BiFunction<Scratch, Column, Column> steps, Reference reference, int lostBits) {
    int halfSteps = 1 << (32 - lostBits + 1);
    for (int first = 0; first < halfSteps; first += PIECE / 4) {
      float[] values = new float[PIECE];
      for (int i = 0; i < PIECE; i++) {
        int halfStep = (first + i / 4) << (lostBits - 1);
        values[i] = Float.intBitsToFloat(halfStep + i % 4 - 1);
      }
      assertSame(values, steps, reference);
    }
  }

  private void assertSame(
      float[] values, BiFunction<Scratch, Column, Column> steps, Reference reference) {
    JavaDevice device = new JavaDevice(memory);
    int[] found;
    try (Scratch scratch = new Scratch(device)) {
      Column x = scratch.own(device.uploadFloats(values, values.length));
      found = device.downloadInts(steps.apply(scratch, x));
    }
    int[] expected = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      expected[i] = reference.of(values[i]) & 0xFFFF;
    }
    assertThat(found).isEqualTo(expected);
    assertThat(memory.columns()).isZero();
  }
}
