package dev.stockpot.kernels.methods.robust;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.statistic.PartialSums;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What robust averages refuse, over what they look, and what they do at the ends. */
class RobustRefusalsTest {
  private static Terms models(String method, int models, Object... parameters) {
    Terms terms = Terms.of(method, 2);
    for (int m = 0; m < models; m++) {
      terms.model(parameters);
    }
    return terms;
  }

  private static Optional<String> problem(Terms terms) {
    return terms.method().problemWith(terms.build());
  }

  static List<Merging> onCpu() {
    return Merging.onCpu().toList();
  }

  @ParameterizedTest
  @CsvSource({"3, 0", "5, 1", "6, 1", "7, 2"})
  void krumTakesTwiceAsManyAsAreHostileAndThree(int models, int most) {
    Terms terms = models("multi_krum", models);

    assertThat(problem(terms.merge("f", (double) most))).isEmpty();
    assertThat(problem(terms.merge("f", most + 1.0)))
        .contains(
            "f is %s, which takes at least 2f + 3 models,".formatted(most + 1)
                + " but there are %s; lower f to %s or add models".formatted(models, most));
  }

  @Test
  void krumAveragesNoMoreThanAreLeftWithoutTheHostile() {
    Terms terms = models("multi_krum", 6);

    assertThat(problem(terms.merge("f", 1.0, "m", 5.0))).isEmpty();
    assertThat(problem(terms.merge("f", 1.0, "m", 6.0)))
        .contains("m is 6, must be at most 5: the models without the f that may be Byzantine");
    assertThatIllegalArgumentException()
        .isThrownBy(terms::program)
        .withMessageStartingWith("m is 6, must be at most 5");
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void withoutANumberKrumAveragesAllButTheHostile(Merging merging) {
    float[][] inputs = {{1, 1}, {2, 2}, {3, 3}, {90, 90}, {4, 4}};

    assertSameBits(
        merging.merge(models("multi_krum", 5).merge("f", 1.0), inputs),
        merging.merge(models("multi_krum", 5).merge("f", 1.0, "m", 4.0), inputs));
    assertThat(merging.merge(models("multi_krum", 5).merge("f", 1.0), inputs))
        .containsExactly(2.5f, 2.5f);
  }

  @Test
  void aGeometricMedianNeedsAWeight() {
    assertThat(problem(models("geometric_median", 2, "weight", 0.0)))
        .contains("all weights are zero; raise one above 0");
    assertThat(problem(models("geometric_median", 2, "weight", 0.0).model("weight", 0.1)))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aModelThatAloneHasAWeightIsTheMedianInEveryBit(Merging merging) {
    Terms terms = Terms.of("geometric_median", 2).model("weight", 0.0).model("weight", 3.0);
    float[] only = {0.1f, -0f};

    assertSameBits(merging.merge(terms, new float[] {5, 5}, only), only);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void modelsThatAreEqualGiveThemselvesInEveryBit(Merging merging) {
    float[] same = {0.1f, -0.7f};

    assertSameBits(merging.merge(models("geometric_median", 3), same, same, same), same);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void wholeModelsOrSingleTensorsAreCompared(Merging merging) {
    for (String method : List.of("geometric_median", "multi_krum")) {
      MergeProgram whole = models(method, 3).merge("f", 0.0).program();
      MergeProgram each = models(method, 3).merge("f", 0.0, "granularity", "tensor").program();

      assertThat(whole.scanScope()).isEqualTo(ScanScope.MODEL);
      assertThat(each.scanScope()).isEqualTo(ScanScope.TENSOR);
      assertThat(whole.scan()).isEqualTo(each.scan()).contains(new DistanceScan(3));
      assertThat(merging.known(each, new float[] {1}, new float[] {2}, new float[] {3}).scan())
          .isEmpty();
    }
  }

  @Test
  void nothingIsMergedBeforeDistancesAreKnown() {
    MergeProgram krum = models("multi_krum", 3).merge("f", 0.0).program();
    try (Kernels<?> kernels = new ScalarProvider().open()) {
      assertThatThrownBy(() -> krum.open(kernels))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("ClosestModels[byzantine=0, selected=3] opened before its scan");
    }
  }

  @Test
  void distancesOfPairsStandInTheOrderOfTheirModels() {
    PartialSums sums = new PartialSums(3, new double[] {1, 2, 3, 10, 20, 30});

    assertThat(Distances.of(sums, 3).squared())
        .isDeepEqualTo(new double[][] {{0, 11, 22}, {11, 0, 33}, {22, 33, 0}});
    assertThat(new DistanceScan(5).pairs()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2, 3})
  void aMiddleLeavesSomethingIn(int skip) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RobustMethods.sortedMean(List.of(0, 1, 2, 3), skip))
        .withMessage("%s of 4 left out at either end", skip);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theMiddleIsOfTheModelsThatAreListed(Merging merging) {
    float[][] inputs = {{100}, {1}, {-100}, {2}, {6}};

    assertThat(merging.merge(RobustMethods.sortedMean(List.of(1, 3, 4), 0), inputs))
        .containsExactly(3);
    assertThat(merging.merge(RobustMethods.sortedMean(List.of(4, 0, 1), 1), inputs))
        .containsExactly(6);
  }

  @ParameterizedTest
  @CsvSource({"0.2, 4, 0", "0.25, 4, 1", "0.29, 100, 29", "0.5, 7, 3", "0, 9, 0", "0.1, 29, 2"})
  void sharesAreRoundedDownToWholeModels(double share, int models, int expected) {
    assertThat(RobustMethods.trimmed(share, models)).isEqualTo(expected);
  }
}
