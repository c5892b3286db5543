package dev.stockpot.kernels.methods;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which input the result is, where the parameters leave only one. */
class AloneTest {
  private static OptionalInt alone(String method, Terms terms) {
    return MergeMethods.named(method).orElseThrow().alone(terms.build());
  }

  @Test
  void isTheOnlyModelWithAWeightWhereWeightsAreShares() {
    assertThat(alone("linear", Terms.of("linear", 4).model("weight", 0.0).model("weight", 0.3)))
        .hasValue(1);
  }

  @Test
  void isNoneWhereTwoModelsHaveWeights() {
    assertThat(alone("linear", Terms.of("linear", 4).model("weight", 1.0).model("weight", 0.3)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1.0, true", "0.5, false"})
  void mustHaveAWeightOfOneWhereWeightsAreFactors(double weight, boolean isAlone) {
    Terms terms =
        Terms.of("linear", 4)
            .model("weight", weight)
            .model("weight", 0.0)
            .merge("normalize", false);
    assertThat(alone("linear", terms).isPresent()).isEqualTo(isAlone);
  }

  @ParameterizedTest
  @CsvSource({"0.0, 0", "1.0, 1"})
  void isAnEndOfTheArc(double t, int input) {
    assertThat(alone("slerp", Terms.of("slerp", 4).base().model().merge("t", t))).hasValue(input);
  }

  @Test
  void isNoneWithinTheArc() {
    assertThat(alone("slerp", Terms.of("slerp", 4).base().model().merge("t", 0.5))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"task_arithmetic", "ties", "dare_linear"})
  void isTheBaseWithoutTaskVectorsAndTheModelWithAWholeOne(String method) {
    assertThat(alone(method, taskVector(method, 0.0, 1.0))).hasValue(0);
    assertThat(alone(method, taskVector(method, 1.0, 1.0))).hasValue(1);
  }

  @Test
  void isNoneOfATaskVectorThatIsThinnedOutOrScaled() {
    assertThat(alone("ties", taskVector("ties", 1.0, 0.5))).isEmpty();
    assertThat(alone("task_arithmetic", taskVector("task_arithmetic", 0.5, 1.0))).isEmpty();
    assertThat(alone("breadcrumbs", taskVector("breadcrumbs", 1.0, 1.0))).isEmpty();
  }

  @Test
  void isNoneOfMethodsThatDoNotSay() {
    assertThat(alone("median", Terms.of("median", 4).model().model())).isEmpty();
  }

  private static Terms taskVector(String method, double weight, double density) {
    return Terms.of(method, 4).base().model("weight", weight, "density", density);
  }
}
