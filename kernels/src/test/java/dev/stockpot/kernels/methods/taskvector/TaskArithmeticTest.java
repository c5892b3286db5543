package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.Formulas;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskArithmeticTest {
  private static final double[] WEIGHTS = {0.8, 1.3, -0.4};
  private static final double[] DENSITIES = {0.5, 0.3, 1.0};

  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  static Stream<Arguments> methodsOnCpu() {
    return Stream.of("task_arithmetic", "ties", "dare_linear", "dare_ties")
        .flatMap(method -> onCpu().map(merging -> Arguments.of(method, merging)));
  }

  @ParameterizedTest
  @MethodSource("methodsOnCpu")
  void followsItsFormula(String method, Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      boolean ties = method.equals("ties");

      assertFormula(method, merging, n, ties, method.startsWith("dare"), 1);
      assertFormula(method, merging, n, !ties, false, 0.7);
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void tiesMayRestoreTheNormToo(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      assertFormula("ties", merging, n, true, true, 1);
    }
  }

  private static void assertFormula(
      String method, Merging merging, int n, boolean normalize, boolean rescale, double lambda) {
    float[][] inputs = inputs(n);
    Terms terms =
        weighted(method, n)
            .merge(
                "normalize", normalize, "rescale", rescale, "lambda", lambda, "int8_mask", false);
    List<Formulas.Model> models = new ArrayList<>();
    for (int m = 0; m < WEIGHTS.length; m++) {
      boolean[] kept = kept(method, terms.build(), m, inputs[0], inputs[m + 1]);
      models.add(new Formulas.Model(inputs[m + 1], WEIGHTS[m], kept));
    }
    boolean elect = method.endsWith("ties");

    assertClose(
        merging.merge(terms, inputs),
        Formulas.taskArithmetic(inputs[0], models, elect, normalize, rescale, lambda));
  }

  private static boolean[] kept(
      String method, TensorTerms terms, int model, float[] base, float[] values) {
    double density = DENSITIES[model];
    if (method.equals("task_arithmetic") || density == 1) {
      return Formulas.all(base.length);
    }
    return method.equals("ties")
        ? Formulas.largest(
            base,
            values,
            (long) (density * base.length),
            RandomStream.betweenEquals(terms.seed(), terms.tensor()))
        : Formulas.drawn(base.length, RandomDrop.of(terms.seed(), model, terms.tensor(), density));
  }

  @ParameterizedTest
  @MethodSource("methodsOnCpu")
  void aLambdaOfZeroGivesTheBase(String method, Merging merging) {
    float[][] inputs = inputs(3_000);
    Terms terms = weighted(method, 3_000).merge("normalize", true, "rescale", true, "lambda", 0.0);

    assertSameBits(merging.merge(terms, inputs), inputs[0]);
  }

  @ParameterizedTest
  @MethodSource("methodsOnCpu")
  void modelsEqualToTheBaseGiveTheBase(String method, Merging merging) {
    float[] base = Samples.normal(3_000, 0.05, 1);

    assertSameBits(merging.merge(weighted(method, 3_000), base, base, base, base), base);
  }

  @ParameterizedTest
  @MethodSource("methodsOnCpu")
  void aSingleModelOfWeightAndDensityOneIsThatModel(String method, Merging merging) {
    float[] base = {1f, -2f, 0.5f, 3f};
    float[] model = {1.5f, -2.25f, 0.5f, -1f}; // differences are exact
    Terms terms = Terms.of(method, 4).base().model("weight", 1.0);

    assertSameBits(merging.merge(terms, base, model), model);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void keepingAllElementsMakesTiesAVoteOnWholeTaskVectors(Merging merging) {
    float[][] inputs = inputs(3_000);
    Terms ties = dense("ties").merge("normalize", true, "rescale", false, "lambda", 1.0);
    Terms dare = dense("dare_ties").merge("normalize", true, "rescale", true, "lambda", 1.0);

    assertSameBits(merging.merge(ties, inputs), merging.merge(dare, inputs));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void keepingAllElementsMakesDareTaskArithmetic(Merging merging) {
    float[][] inputs = inputs(3_000);

    assertSameBits(
        merging.merge(dense("dare_linear"), inputs),
        merging.merge(dense("task_arithmetic"), inputs));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theBaseMayStandAnywhereAmongTheInputs(Merging merging) {
    float[][] inputs = inputs(3_000);
    Terms baseFirst =
        Terms.of("ties", 3_000)
            .base()
            .model("weight", 0.8, "density", 0.5)
            .model("weight", 1.3, "density", 0.3);
    Terms baseSecond =
        Terms.of("ties", 3_000)
            .model("weight", 0.8, "density", 0.5)
            .base()
            .model("weight", 1.3, "density", 0.3);

    assertSameBits(
        merging.merge(baseSecond, inputs[1], inputs[0], inputs[2]),
        merging.merge(baseFirst, inputs[0], inputs[1], inputs[2]));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void anUndecidedVoteIsPositive(Merging merging) {
    Terms terms = Terms.of("ties", 1).base().model("weight", 1.0).model("weight", 1.0);
    float[] merged = merging.merge(terms, new float[] {10}, new float[] {12}, new float[] {8});

    assertThat(merged).containsExactly(12);
  }

  @ParameterizedTest
  @MethodSource("methodsOnCpu")
  void nanStaysVisible(String method, Merging merging) {
    float[][] inputs = inputs(3_000);
    inputs[3][1_234] = Float.NaN; // its density is 1
    inputs[0][77] = Float.NaN;
    float[] merged = merging.merge(weighted(method, 3_000), inputs);

    assertThat(merged[1_234]).isNaN();
    assertThat(merged[77]).isNaN();
  }

  @ParameterizedTest
  @ValueSource(strings = {"task_arithmetic", "ties", "dare_linear", "dare_ties"})
  void needsABase(String method) {
    Terms terms = Terms.of(method, 1).model("weight", 1.0);

    assertThatThrownBy(terms::program)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(method + " has no base model");
  }

  @Test
  void needsAWeight() {
    Terms terms = Terms.of("ties", 1).base().model();

    assertThatThrownBy(terms::program)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameter weight is not among [density]");
  }

  /** A base and three models. */
  private static float[][] inputs(int n) {
    float[] base = Samples.normal(n, 0.05, 1);
    float[][] inputs = {base, base.clone(), base.clone(), base.clone()};
    for (int m = 1; m < inputs.length; m++) {
      float[] taskVector = Samples.normal(n, 0.005 * m, m + 1);
      for (int e = 0; e < n; e++) {
        inputs[m][e] += taskVector[e];
      }
    }
    return inputs;
  }

  private static Terms weighted(String method, int n) {
    Terms terms = Terms.of(method, n).base();
    for (int m = 0; m < WEIGHTS.length; m++) {
      terms.model("weight", WEIGHTS[m], "density", DENSITIES[m]);
    }
    return terms;
  }

  private static Terms dense(String method) {
    Terms terms = Terms.of(method, 3_000).base();
    for (double weight : WEIGHTS) {
      terms.model("weight", weight, "density", 1.0);
    }
    return terms;
  }
}
