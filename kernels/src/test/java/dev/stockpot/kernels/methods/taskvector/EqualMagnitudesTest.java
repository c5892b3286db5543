package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fine-tunes in bfloat16 move most elements by one or two steps of the format, so that a fifth of a
 * tensor can lie on the threshold. Which of those stay must not depend on where they are.
 */
class EqualMagnitudesTest {
  private static final Merging LANES = Merging.by(new VectorProvider());
  private static final int ROWS = 400;
  private static final int ROW = 1_024;
  private static final int ELEMENTS = ROWS * ROW;
  private static final int TENTH = ELEMENTS / 10;

  /** Standard deviations; one in 15,000 falls outside. */
  private static final int DEVIATIONS = 4;

  private static float[] rounded(float... values) {
    for (int e = 0; e < values.length; e++) {
      values[e] = Bfloat16.toFloat(Bfloat16.fromFloat(values[e]));
    }
    return values;
  }

  private static float[] base() {
    return rounded(Samples.normal(ELEMENTS, 0.02, 1));
  }

  /** A fine-tune of it, as far away as a thousand steps of a small learning rate lead. */
  private static float[] fineTune(float[] base, long seed) {
    float[] changes = Samples.normal(ELEMENTS, 1e-4, seed);
    for (int e = 0; e < ELEMENTS; e++) {
      changes[e] += base[e];
    }
    return rounded(changes);
  }

  private static Terms terms(String method, double density) {
    return Terms.of(method, ELEMENTS).base().model("weight", 1.0, "density", density);
  }

  /** What a method keeps of a task vector: the base is moved there. */
  private static boolean[] kept(float[] base, float[] merged) {
    boolean[] kept = new boolean[ELEMENTS];
    for (int e = 0; e < ELEMENTS; e++) {
      kept[e] = merged[e] != base[e];
    }
    return kept;
  }

  /** A threshold by a sort, and what is equal to it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Threshold(float[] magnitudes, float value, long left, long equal) {
    static Threshold of(float[] base, float[] model, double density) {
      float[] magnitudes = new float[ELEMENTS];
      for (int e = 0; e < ELEMENTS; e++) {
        magnitudes[e] = Math.abs(model[e] - base[e]);
      }
      float[] ascending = magnitudes.clone();
      Arrays.sort(ascending);
      int keep = (int) (density * ELEMENTS);
      float value = ascending[ELEMENTS - keep];
      long above = IntStream.range(0, ELEMENTS).filter(e -> magnitudes[e] > value).count();
      long equal = IntStream.range(0, ELEMENTS).filter(e -> magnitudes[e] == value).count();
      return new Threshold(magnitudes, value, keep - above, equal);
    }

    double share() {
      return (double) left / equal;
    }

    /** Of those equal to it, how many of some elements are kept, and how many there are. */
    int[] among(boolean[] kept, int begin, int end) {
      int[] found = new int[2];
      for (int e = begin; e < end; e++) {
        found[0] += magnitudes[e] == value && kept[e] ? 1 : 0;
        found[1] += magnitudes[e] == value ? 1 : 0;
      }
      return found;
    }
  }

  @ParameterizedTest
  @CsvSource({"ties, 0.2", "ties, 0.3", "ties, 0.5", "breadcrumbs, 0.4"})
  void everyTenthOfTheRowsKeepsTheSameShareOfThem(String method, double density) {
    float[] base = base();
    float[] model = fineTune(base, 2);
    double ranked = method.equals("ties") ? density : density + 0.01; // gamma
    Threshold threshold = Threshold.of(base, model, ranked);
    boolean[] kept = kept(base, LANES.merge(terms(method, density), base, model));

    assertThat(threshold.equal()).isGreaterThan(ELEMENTS / 100);
    for (int tenth = 0; tenth < 10; tenth++) {
      int[] found = threshold.among(kept, tenth * TENTH, (tenth + 1) * TENTH);
      double deviation = Math.sqrt(threshold.share() * (1 - threshold.share()) / found[1]);

      assertThat(Math.abs((double) found[0] / found[1] - threshold.share()))
          .as("tenth %s of %s: %s of %s", tenth, threshold, found[0], found[1])
          .isLessThan(DEVIATIONS * deviation + 1e-9);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.3, 0.5})
  void asManyStayAsAreAskedForOnAverageAndNothingElseIsUpToTheDraw(double density) {
    float[] base = base();
    float[] model = fineTune(base, 2);
    Threshold threshold = Threshold.of(base, model, density);
    int keep = (int) (density * ELEMENTS);
    double mean = 0;
    for (int seed = 0; seed < 20; seed++) {
      boolean[] kept = kept(base, LANES.merge(terms("ties", density).seed(seed), base, model));
      for (int e = 0; e < ELEMENTS; e++) {
        if (threshold.magnitudes()[e] != threshold.value()) {
          assertThat(kept[e]).isEqualTo(threshold.magnitudes()[e] > threshold.value());
        }
        mean += kept[e] ? 1 / 20.0 : 0;
      }
    }
    double share = threshold.share();

    assertThat(Math.abs(mean - keep))
        .isLessThan(DEVIATIONS * Math.sqrt(share * (1 - share) * threshold.equal() / 20));
  }

  @Test
  void anotherSeedAndAnotherTensorKeepOthers() {
    float[] base = base();
    float[] model = fineTune(base, 2);
    float[] merged = LANES.merge(terms("ties", 0.3), base, model);

    assertThat(merged).isEqualTo(LANES.merge(terms("ties", 0.3), base, model));
    assertThat(merged).isNotEqualTo(LANES.merge(terms("ties", 0.3).seed(7), base, model));
    assertThat(merged).isNotEqualTo(LANES.merge(terms("ties", 0.3).tensor("t"), base, model));
  }

  /** Draws are those of the tensor, not of a model: a model beside its copy is that model. */
  @Test
  void equalModelsKeepTheSame() {
    float[] base = base();
    float[] model = fineTune(base, 2);
    Terms twice =
        Terms.of("ties", ELEMENTS)
            .base()
            .model("weight", 0.5, "density", 0.3)
            .model("weight", 0.5, "density", 0.3);

    assertSameBits(
        LANES.merge(twice, base, model, model), LANES.merge(terms("ties", 0.3), base, model));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ties", "breadcrumbs", "breadcrumbs_ties"})
  void cutsAndProvidersDoNotShow(String method) {
    int size = 2 * Block.REDUCTION_ELEMENTS + 4_321;
    float[] taskVector = Samples.tied(size, 3);
    Terms terms = Terms.of(method, size).base().model("weight", 1.0, "density", 0.37);
    float[] whole = LANES.merge(terms, new float[size], taskVector);

    assertSameBits(
        LANES.cutAt(Block.REDUCTION_ELEMENTS).merge(terms, new float[size], taskVector), whole);
    assertSameBits(
        LANES
            .cutAt(Block.REDUCTION_ELEMENTS, 2 * Block.REDUCTION_ELEMENTS)
            .merge(terms, new float[size], taskVector),
        whole);
    assertSameBits(
        Merging.by(new ScalarProvider()).merge(terms, new float[size], taskVector), whole);
  }

  @Test
  void selectionsByVarianceAreSpreadTheSameWay() {
    float[] a = Samples.filled(ELEMENTS, 1);
    float[] b = Samples.filled(ELEMENTS, 3);
    Terms terms = Terms.of("sce", ELEMENTS).base().model().model().merge("select_topk", 0.25);
    float[] merged = LANES.merge(terms, new float[ELEMENTS], a, b);
    double deviation = Math.sqrt(0.25 * 0.75 * TENTH);

    for (int tenth = 0; tenth < 10; tenth++) {
      long kept =
          IntStream.range(tenth * TENTH, (tenth + 1) * TENTH).filter(e -> merged[e] != 0).count();
      assertThat(Math.abs(kept - 0.25 * TENTH)).isLessThan(DEVIATIONS * deviation);
    }
  }

  @Test
  void aShareOfTwoThirdsOfThreeEqualElementsIsNeverMoreOrLessThanThatOnAverage() {
    double mean = 0;
    for (int seed = 0; seed < 9_000; seed++) {
      Terms terms = Terms.of("ties", 3).base().model("weight", 1.0, "density", 0.7).seed(seed);
      for (float value : LANES.merge(terms, new float[3], new float[] {-2, 2, 2})) {
        mean += value == 0 ? 0 : 1 / 9_000.0;
      }
    }

    assertThat(Math.abs(mean - 2)).isLessThan(DEVIATIONS * Math.sqrt(3 * 2 / 9.0 / 9_000));
  }
}
