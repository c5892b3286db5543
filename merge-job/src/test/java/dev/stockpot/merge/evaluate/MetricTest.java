package dev.stockpot.merge.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which number counts is said, or it is the only one; which way, too. */
class MetricTest {
  private static Metric metric(String name) {
    return new Metric(name, Optional.empty(), 1);
  }

  private static Map<String, Measure> numbers(int count) {
    Map<String, Measure> found = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      found.put("m" + i, Measure.of(i));
    }
    return found;
  }

  @Test
  void eightNamesAreShownAndThatThereAreMore() {
    assertThatThrownBy(() -> metric("acc").in(numbers(8)))
        .isInstanceOf(EvaluationException.class)
        .hasMessage("its results have no `acc`; they have m0, m1, m2, m3, m4, m5, m6, m7");
    assertThatThrownBy(() -> metric("acc").in(numbers(9)))
        .hasMessage("its results have no `acc`; they have m0, m1, m2, m3, m4, m5, m6, m7, …");
    assertThatThrownBy(() -> metric("").in(numbers(2)))
        .hasMessage("its results have 2 numbers (m0, m1); say which counts by `metric`");
  }

  /** The harness has a metric of a task as {@code acc,none} where no filter is named. */
  @Test
  void theNameAsItStandsComesBeforeTheOneWithoutAFilter() throws EvaluationException {
    Map<String, Measure> both = Map.of("t:acc", Measure.of(1), "t:acc,none", Measure.of(2));

    assertThat(metric("t:acc").in(both)).isEqualTo(Measure.of(1));
    assertThat(metric("t:acc,none").in(both)).isEqualTo(Measure.of(2));
    assertThatThrownBy(() -> metric("t:acc").in(Map.of("t:acc,strict", Measure.of(3))))
        .hasMessage("its results have no `t:acc`; they have t:acc,strict");
  }

  @Test
  void aMissingDirectionNamesTheMetric() {
    assertThatThrownBy(() -> metric("t:ppl").isHigherBetter(Measure.of(1)))
        .isInstanceOf(EvaluationException.class)
        .hasMessage(
            "its results do not say whether more of `t:ppl` is better; say `direction: max` or"
                + " `direction: min`");
    assertThatThrownBy(() -> metric("").isHigherBetter(Measure.of(1)))
        .hasMessageContaining("whether more of it is better");
  }

  @Test
  void theRecipesDirectionComesBeforeTheEvaluators() throws EvaluationException {
    Metric least = new Metric("", Optional.of(false), 1);

    assertThat(least.isHigherBetter(Measure.of(1).withDirection(true))).isFalse();
    assertThat(metric("").isHigherBetter(Measure.of(1).withDirection(true))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aWeightThatCountsForNothingIsRefused(double weight) {
    assertThatThrownBy(() -> new Metric("acc", Optional.empty(), weight))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weight is " + weight + ", must be above 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "C1", "c-1", "c 1", "../c1", "ç"})
  void aCandidatesNameIsSafeInPathsAndHeaders(String id) {
    assertThatThrownBy(() -> new Candidate(id, "/m", List.of("a"), "recipe", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("id is " + id + ", must be letters and digits");
  }
}
