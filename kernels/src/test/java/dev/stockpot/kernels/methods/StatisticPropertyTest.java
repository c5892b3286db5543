package dev.stockpot.kernels.methods;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static dev.stockpot.kernels.statistic.MagnitudeCounts.bits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.vector.VectorProvider;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** Thresholds that are found without a sort, and draws that hit what they aim at. */
class StatisticPropertyTest {
  private static final Merging MERGING = Merging.by(new VectorProvider());
  private static final int SEEDS = 3_000;

  @Provide
  Arbitrary<float[][]> tensors() {
    return Generated.tensors(1, Generated.anything());
  }

  /** The order is that of bits: magnitudes, NaN above all, of equal ones those that are drawn. */
  @Property(tries = 100)
  void radixThresholdsAreThoseOfASort(
      @ForAll("tensors") float[][] tensors, @ForAll @DoubleRange(min = 0, max = 1) double density) {
    float[] taskVector = tensors[0];
    float[] base = new float[taskVector.length];
    Terms terms = Terms.of("breadcrumbs", base.length).base();
    double[] bits = IntStream.range(0, base.length).mapToDouble(e -> bits(taskVector[e])).toArray();
    int keep = (int) (density * base.length);
    boolean[] kept = Formulas.largest(bits, keep, terms.draws());
    float[] expected = new float[base.length];
    for (int e = 0; e < expected.length; e++) {
      boolean shows = keep > 0 && Float.isNaN(taskVector[e]); // every NaN stays, as the same one
      expected[e] = shows ? Float.NaN : kept[e] ? taskVector[e] + 0f : 0;
    }
    terms.model("weight", 1.0, "density", density, "gamma", 0.0);

    assertSameBits(MERGING.merge(terms, base, taskVector), expected);
  }

  /** The mean over seeds is the task vector, within four standard deviations. */
  @Property(
      tries = 3,
      seed = "20261120") // of so many elements, one in a thousand runs would differ
  void dareKeepsTheMean(@ForAll @DoubleRange(min = 0.1, max = 0.9) double density) {
    float[] taskVector = {1, -2, 0.5f, 0.01f, 0, 3, -0.25f, 100};
    double[] mean = new double[taskVector.length];
    Terms terms = Terms.of("dare_linear", mean.length).base();
    terms.model("weight", 1.0, "density", density).merge("rescale", "1/density");
    for (int seed = 0; seed < SEEDS; seed++) {
      float[] merged = MERGING.merge(terms.seed(seed), new float[mean.length], taskVector);
      for (int e = 0; e < mean.length; e++) {
        mean[e] += merged[e] / SEEDS;
      }
    }
    for (int e = 0; e < mean.length; e++) {
      double deviation = Math.abs(taskVector[e]) * Math.sqrt((1 - density) / density / SEEDS);
      assertThat(Math.abs(mean[e] - taskVector[e]))
          .as("element %s", e)
          .isLessThanOrEqualTo(4 * deviation + 1e-6);
    }
  }
}
