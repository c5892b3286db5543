package dev.stockpot.kernels.methods.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.methods.MatrixMerging;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.Shape;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of the directions that Gram matrices fill. */
class RegMeanRankTest {
  private static final String RANK = "share of inputs that examples of `regmean` fill";
  private static final int OUTPUTS = 5;
  private static final int INPUTS = 40;

  private final Tensor first = Tensor.of(MatrixMerging.random(OUTPUTS, INPUTS, 0.05, 1));
  private final Tensor second = Tensor.of(MatrixMerging.random(OUTPUTS, INPUTS, 0.05, 2));

  private static Tensor gram(int samples, long seed) {
    return Tensor.of(Normal.gram(MatrixMerging.random(samples, INPUTS, 1, seed)));
  }

  private Map<String, Double> measured(double alpha, double ridge, Tensor... grams) {
    Terms terms =
        Terms.of("regmean", OUTPUTS * INPUTS)
            .shape(OUTPUTS, INPUTS)
            .model("weight", 1.0)
            .model("weight", 2.0);
    for (int model = 0; model < grams.length; model++) {
      SideInput.Facts facts =
          new SideInput.Facts(Shape.of(INPUTS, INPUTS), 1_000, false, /* isTransposed= */ false);
      terms.side(SideInput.Given.of(RegMeanParameters.GRAM, model).with(facts));
    }
    return MatrixMerging.measured(
        terms.merge("alpha", alpha, "ridge", ridge), first, second, grams[0], grams[1]);
  }

  @ParameterizedTest
  @CsvSource({"300, 500, 1", "10, 14, 0.6", "1, 1, 0.05", "30, 8, 0.95", "20, 20, 1"})
  void directionsOfAllExamplesCountOnce(int one, int other, double share) {
    assertThat(measured(1, 1e-6, gram(one, 4), gram(other, 5)).get(RANK))
        .isCloseTo(share, within(0.03)); // pivots are no singular values
  }

  @Test
  void equalExamplesFillNoMore() {
    assertThat(measured(1, 1e-6, gram(12, 4), gram(12, 4)).get(RANK)).isCloseTo(0.3, within(0.03));
  }

  /** Less of what is off the diagonal, and every input counts for itself. */
  @Test
  void shrinkingFillsAll() {
    assertThat(measured(0.9, 1e-6, gram(10, 4), gram(10, 5)).get(RANK)).isEqualTo(1);
  }

  @Test
  void aRidgeThatWasRaisedIsTold() {
    Map<String, Double> asked = measured(1, 1e-6, gram(300, 4), gram(500, 5));
    assertThat(asked).containsOnlyKeys(RANK);
    Map<String, Double> none = measured(1, 0, gram(10, 4), gram(10, 5));
    assertThat(none.get(RANK)).isCloseTo(0.5, within(0.03));
    assertThat(none.keySet()).anyMatch(name -> name.startsWith("ridge of `regmean`, raised"));
  }
}
