package dev.stockpot.kernels.methods;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What one method makes of some inputs is what another makes of them, or an input itself. */
class IdentityPropertyTest {
  private static final Merging MERGING = Merging.by(new VectorProvider());
  private static final int TRIES = 40;

  @Provide
  Arbitrary<float[][]> moderate() {
    return Generated.tensors(4, Generated.moderate());
  }

  @Provide
  Arbitrary<float[][]> fineTunes() {
    return Generated.fineTunes(3);
  }

  private static Terms models(String method, int models, float[]... inputs) {
    Terms terms = Terms.of(method, inputs[0].length);
    for (int i = 0; i < models; i++) {
      terms.model();
    }
    return terms;
  }

  /** A base and two weighted models. */
  private static Terms onBase(String method, float[][] inputs, Object... values) {
    Object[] first = Arrays.copyOf(values, values.length + 2);
    first[values.length] = "weight";
    first[values.length + 1] = 0.75;
    Object[] second = first.clone();
    second[values.length + 1] = 1.25;
    return Terms.of(method, inputs[0].length).base().model(first).model(second);
  }

  private static float[][] baseAndTwo(float[]... inputs) {
    return Arrays.copyOf(inputs, 3);
  }

  /** As {@link Closeness#assertSameBits}, but for the signs of zeros. */
  private static void assertSameValues(float[] merged, float[] expected) {
    float[] unsigned = merged.clone();
    float[] expectedUnsigned = expected.clone();
    for (int e = 0; e < expected.length; e++) {
      unsigned[e] += 0f; // negative zero becomes zero
      expectedUnsigned[e] += 0f;
    }
    assertSameBits(unsigned, expectedUnsigned);
  }

  @Property(tries = TRIES)
  void soupOfCopiesIsTheCopy(
      @ForAll("moderate") float[][] inputs, @ForAll @IntRange(min = 1, max = 12) int copies) {
    float[][] same = Collections.nCopies(copies, inputs[0]).toArray(float[][]::new);
    Merging bfloats = MERGING.in(DType.BF16);
    float[] copy = bfloats.merge(models("passthrough", 1, same).merge(), inputs[0]);

    for (String method : List.of("uniform_soup", "median", "trimmed_mean", "checkpoint_average")) {
      assertSameBits(bfloats.merge(models(method, copies, same), same), copy);
    }
    assertSameValues(bfloats.merge(models("geometric_median", copies, same), same), copy);
    if (copies >= 5) { // with the one Byzantine model of the default
      assertSameBits(bfloats.merge(models("multi_krum", copies, same), same), copy);
    }
  }

  @Property(tries = TRIES)
  void allWeightOnTheFirstIsTheFirst(@ForAll("moderate") float[][] inputs) {
    int n = inputs[0].length;
    Terms linear = Terms.of("linear", n).model("weight", 1.0);
    Terms median = Terms.of("geometric_median", n).model("weight", 1.0);
    for (int i = 1; i < inputs.length; i++) {
      linear.model("weight", 0.0);
      median.model("weight", 0.0);
    }

    assertSameValues(MERGING.merge(linear, inputs), inputs[0]);
    assertSameValues(MERGING.merge(median, inputs), inputs[0]);
  }

  @Property(tries = TRIES)
  void factorZeroIsTheBase(@ForAll("moderate") float[][] inputs) {
    for (EveryMethod each : EveryMethod.all()) {
      if (each.hasMergeParameter("lambda")) {
        Terms terms = each.terms(1, inputs[0].length, "lambda", 0.0);
        float[][] taken = Arrays.copyOf(inputs, each.inputs());
        assertSameValues(MERGING.merge(terms, taken), inputs[each.base()]);
      }
    }
  }

  @Property(tries = TRIES)
  void nothingDroppedIsTaskArithmetic(@ForAll("moderate") float[][] inputs) {
    float[][] three = baseAndTwo(inputs);
    float[] sum = MERGING.merge(onBase("task_arithmetic", inputs), three);

    assertSameBits(MERGING.merge(onBase("dare_linear", inputs, "density", 1.0), three), sum);
    assertSameBits(MERGING.merge(onBase("della_linear", inputs, "density", 1.0), three), sum);
    Terms breadcrumbs = onBase("breadcrumbs", inputs, "density", 1.0, "gamma", 0.0);
    assertSameBits(MERGING.merge(breadcrumbs, three), sum);
  }

  @Property(tries = TRIES)
  void dellaWithoutEpsilonIsDare(
      @ForAll("moderate") float[][] inputs, @ForAll @DoubleRange(min = 0, max = 1) double density) {
    float[][] three = baseAndTwo(inputs);

    assertSameBits(
        MERGING.merge(onBase("della_linear", inputs, "density", density, "epsilon", 0.0), three),
        MERGING.merge(onBase("dare_linear", inputs, "density", density), three));
  }

  @Property(tries = TRIES)
  void evenLayersAreTaskArithmetic(
      @ForAll("moderate") float[][] inputs, @ForAll @DoubleRange(min = -2, max = 2) double alpha) {
    float[][] three = baseAndTwo(inputs);

    assertSameBits(
        MERGING.merge(onBase("lines", inputs).depth(0.6).merge("alpha", alpha, "beta", 0.0), three),
        MERGING.merge(onBase("task_arithmetic", inputs).merge("lambda", alpha), three));
  }

  @Property(tries = TRIES)
  void consensusOfNobodyIsTaskArithmetic(@ForAll("moderate") float[][] inputs) {
    float[][] three = baseAndTwo(inputs);
    int n = inputs[0].length;
    Terms equalWeights =
        Terms.of("task_arithmetic", n).base().model("weight", 1.0).model("weight", 1.0);

    assertSameBits(
        MERGING.merge(Terms.of("consensus", n).base().model().model().merge("k", 0.0), three),
        MERGING.merge(equalWeights, three));
  }

  @Property(tries = TRIES)
  void ramOfDisjointChangesIsTaskArithmetic(@ForAll("fineTunes") float[][] inputs) {
    float[][] three = {inputs[0], inputs[1].clone(), inputs[2].clone()};
    int n = inputs[0].length;
    for (int e = 0; e < n; e++) {
      three[1 + e % 2][e] = inputs[0][e];
    }
    Terms equalWeights =
        Terms.of("task_arithmetic", n).base().model("weight", 1.0).model("weight", 1.0);

    assertSameBits(
        MERGING.merge(Terms.of("ram", n).base().model().model().merge("epsilon", 0.0), three),
        MERGING.merge(equalWeights, three));
  }

  @Property(tries = TRIES)
  void oneModelOnItsBaseIsThatModel(@ForAll("fineTunes") float[][] inputs) {
    int n = inputs[0].length;
    double[] model = Vectors.of(inputs[1]);
    for (String method : List.of("ties", "dare_ties", "task_arithmetic", "breadcrumbs")) {
      Terms terms = Terms.of(method, n).base().model("weight", 1.0, "gamma", 0.0);
      assertClose(MERGING.merge(terms, inputs[0], inputs[1]), model);
    }
    for (String method : List.of("emr", "magmax", "ram")) {
      Terms terms = Terms.of(method, n).base().model();
      if (method.equals("ram")) {
        terms.merge("epsilon", 0.0);
      }
      assertClose(MERGING.merge(terms, inputs[0], inputs[1]), model);
    }
  }

  @Property(tries = TRIES)
  void slerpEndsAtItsModels(@ForAll("moderate") float[][] inputs) {
    Terms slerp = Terms.of("slerp", inputs[0].length).base().model();

    assertSameValues(MERGING.merge(slerp.merge("t", 0.0), inputs[0], inputs[1]), inputs[0]);
    assertSameValues(MERGING.merge(slerp.merge("t", 1.0), inputs[0], inputs[1]), inputs[1]);
  }

  @Property(tries = TRIES)
  void karcherMeanOfTwoEqualNormsIsHalfwayOnTheArc(@ForAll("fineTunes") float[][] inputs) {
    float[] a = inputs[0];
    float[] b = a.clone();
    for (int e = 0; e < b.length; e++) {
      b[e] = e % 3 == 0 ? -a[b.length - 1 - e] : a[b.length - 1 - e];
    }
    double cosine = Vectors.cosine(Vectors.of(a), Vectors.of(b));
    if (Math.abs(cosine) < 0.99) { // beyond, slerp takes the line
      Terms slerp = Terms.of("slerp", a.length).base().model().merge("t", 0.5);
      assertClose(
          MERGING.merge(models("karcher", 2, a, b), a, b), Vectors.of(MERGING.merge(slerp, a, b)));
    }
  }

  @Property(tries = TRIES)
  void multislerpHasTheMeanNorm(@ForAll("fineTunes") float[][] inputs) {
    Terms terms = Terms.of("multislerp", inputs[0].length);
    double[] weights = {0.2, 0.3, 0.1, 0.4};
    double norm = 0;
    for (int i = 0; i < weights.length; i++) {
      terms.model("weight", weights[i]);
      norm += weights[i] * Vectors.norm(Vectors.of(inputs[i]));
    }
    double merged = Vectors.norm(Vectors.of(MERGING.merge(terms, inputs)));

    assertThat(Math.abs(merged - norm)).isLessThan(1e-5 * norm);
  }

  @Property(tries = TRIES)
  void modelStockTrustsAgreementAndNothingElse(@ForAll("fineTunes") float[][] inputs) {
    int n = inputs[0].length;
    Terms stock = Terms.of("model_stock", n).base().model().model();
    assertClose(MERGING.merge(stock, inputs[0], inputs[1], inputs[1]), Vectors.of(inputs[1]));

    float[][] orthogonal = {inputs[0], inputs[1].clone(), inputs[2].clone()};
    for (int e = 0; e < n; e++) {
      orthogonal[1 + e % 2][e] = inputs[0][e];
    }
    assertSameValues(MERGING.merge(stock, orthogonal), inputs[0]);
  }

  @Property(tries = TRIES)
  void trimmedMeansEndAtMeanAndMedian(@ForAll("moderate") float[][] inputs) {
    float[] mean = MERGING.merge(models("uniform_soup", 4, inputs), inputs);
    Terms trimmed = models("trimmed_mean", 4, inputs);

    assertClose(MERGING.merge(trimmed.merge("trim", 0.0), inputs), Vectors.of(mean));
    assertSameBits(
        MERGING.merge(trimmed.merge("trim", 0.5), inputs),
        MERGING.merge(models("median", 4, inputs), inputs));
    assertSameValues(
        MERGING.merge(models("median", 2, inputs), inputs[0], inputs[1]),
        MERGING.merge(models("uniform_soup", 2, inputs), inputs[0], inputs[1]));
  }

  @Property(tries = TRIES)
  void averagesOfAllAreTheSoup(@ForAll("moderate") float[][] inputs) {
    float[] mean = MERGING.merge(models("uniform_soup", 4, inputs), inputs);

    assertSameBits(MERGING.merge(models("checkpoint_average", 4, inputs), inputs), mean);
    assertSameBits(
        MERGING.merge(models("multi_krum", 4, inputs).merge("f", 0.0, "m", 4.0), inputs), mean);
  }
}
