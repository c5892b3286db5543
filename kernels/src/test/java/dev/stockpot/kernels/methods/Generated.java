package dev.stockpot.kernels.methods;

import dev.stockpot.kernels.Samples;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Tensors that property tests are tried on. */
public final class Generated {
  private static final int MOST = 70;

  private Generated() {}

  /**
   * Every class of bit patterns: ordinary, of any magnitude, subnormal, infinite, NaN with whatever
   * payload, zeros of both signs, and magnitudes that many share.
   */
  public static Arbitrary<Float> anything() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, moderate()),
        Tuple.of(3, Arbitraries.integers().map(Float::intBitsToFloat)),
        Tuple.of(
            1, Arbitraries.of(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f)),
        Tuple.of(1, Arbitraries.integers().between(1, 0x7FFFFF).map(Float::intBitsToFloat)));
  }

  /** Values whose sums and differences stay finite: ordinary ones, zeros and ties. */
  public static Arbitrary<Float> moderate() {
    return Arbitraries.frequencyOf(
        Tuple.of(3, Arbitraries.doubles().between(-4, 4).ofScale(9).map(Double::floatValue)),
        Tuple.of(2, Arbitraries.of(0f, -0f, 0.25f, -0.25f, 0.5f, -0.5f, 1.5f, 0x1p-130f)));
  }

  /** So many tensors of one size. */
  public static Arbitrary<float[][]> tensors(int count, Arbitrary<Float> elements) {
    return Arbitraries.integers()
        .between(1, MOST)
        .flatMap(
            size ->
                elements
                    .array(float[].class)
                    .ofSize(size * count)
                    .map(all -> split(all, count, size)));
  }

  private static float[][] split(float[] all, int count, int size) {
    float[][] tensors = new float[count][];
    for (int i = 0; i < count; i++) {
      tensors[i] = Arrays.copyOfRange(all, i * size, (i + 1) * size);
    }
    return tensors;
  }

  /** Tensors of normal distributions around a first one, of sizes around blocks and lanes. */
  public static Arbitrary<float[][]> fineTunes(int models) {
    return Combinators.combine(
            Arbitraries.of(3, 17, 500, 2_049, 4_100), Arbitraries.longs().between(1, 1L << 40))
        .as(
            (size, seed) -> {
              float[][] inputs = new float[models + 1][];
              inputs[0] = Samples.normal(size, 0.05, seed);
              for (int m = 1; m <= models; m++) {
                inputs[m] = FineTunes.plus(inputs[0], Samples.normal(size, 0.01, seed + m));
              }
              return inputs;
            });
  }
}
