package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.evaluate.Evaluator;
import dev.stockpot.merge.evaluate.Evaluators;
import dev.stockpot.merge.evaluate.Measure;
import dev.stockpot.merge.evaluate.Metric;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A candidate's worth is the weighted sum of its metrics, turned so that more is better. */
class JudgesTest {
  private static final Candidate CANDIDATE = new Candidate("c1", "/m", List.of("a"), "recipe", 0);

  /** Answers one after the other; nothing for a failure. */
  private static final class Answering implements Evaluator {
    private final String name;
    private final Deque<Optional<Map<String, Measure>>> answers;
    private int asked;

    @SafeVarargs
    Answering(String name, Optional<Map<String, Measure>>... answers) {
      this.name = name;
      this.answers = new ArrayDeque<>();
      for (Optional<Map<String, Measure>> answer : answers) {
        this.answers.add(answer);
      }
    }

    @Override
    public Map<String, Measure> evaluate(Candidate candidate) throws EvaluationException {
      asked++;
      return answers.remove().orElseThrow(() -> new EvaluationException("failure " + asked));
    }

    @Override
    public String identity() {
      return name;
    }
  }

  private static Measure measure(double value, double error) {
    return new Measure(
        value, error < 0 ? OptionalDouble.empty() : OptionalDouble.of(error), Optional.empty());
  }

  private static Judge judge(Evaluator evaluator, String metric, boolean isMax, double weight) {
    return new Judge(evaluator, new Metric(metric, Optional.of(isMax), weight), 0);
  }

  private static Judge told(String metric, boolean isMax, double weight) {
    return judge(Evaluators.elsewhere(""), metric, isMax, weight);
  }

  private static Judges judges(Judge... all) {
    return new Judges(List.of(all), 1);
  }

  @Test
  void theWorthIsTheWeightedSumWithLossesTurned() throws EvaluationException {
    Judges.Verdict verdict =
        judges(told("acc", true, 2), told("loss", false, 0.5))
            .of(Map.of("acc", measure(0.75, -1), "loss", measure(3, -1)));

    assertThat(verdict.score().worth()).hasValue(2 * 0.75 - 0.5 * 3);
    assertThat(verdict.score().objectives()).containsExactly(0.75, -3.0);
    assertThat(verdict.measures())
        .as("as the evaluators gave them")
        .containsExactly(entry("acc", 0.75), entry("loss", 3.0));
  }

  @Test
  void errorsAddAsIfMetricsWereApart() throws EvaluationException {
    Judges both = judges(told("acc", true, 3), told("loss", false, 2));

    assertThat(
            both.of(Map.of("acc", measure(1, 0.1), "loss", measure(1, 0.2)))
                .score()
                .standardError()
                .orElseThrow())
        .as("√(0.3² + 0.4²)")
        .isCloseTo(0.5, within(1e-12));
    assertThat(
            both.of(Map.of("acc", measure(1, 0.1), "loss", measure(1, -1))).score().standardError())
        .as("one that is not told may be any")
        .isEmpty();
  }

  @Test
  void oneMetricHasNoObjectivesBesideItsWorth() throws EvaluationException {
    Judges.Verdict verdict = judges(told("", false, 4)).of(Map.of("x", measure(0.5, 0.25)));

    assertThat(verdict.score().worth()).hasValue(-2);
    assertThat(verdict.score().standardError()).hasValue(1);
    assertThat(verdict.score().objectives()).isEmpty();
    assertThat(verdict.measures()).containsExactly(entry("score", 0.5));
  }

  @Test
  void metricsOfOneNameAreNumbered() throws EvaluationException {
    Judges.Verdict verdict =
        judges(told("acc", true, 1), told("f1", true, 1), told("acc", false, 1))
            .of(Map.of("acc", measure(1, -1), "f1", measure(2, -1)));

    assertThat(verdict.measures().keySet()).containsExactly("acc-1", "f1", "acc-3");
  }

  @Test
  void aSumThatNoFloatHoldsIsNoScore() {
    Judges judges = judges(told("a", true, 1e300), told("b", true, 1));

    assertThatThrownBy(() -> judges.of(Map.of("a", measure(1e300, -1), "b", measure(1, -1))))
        .isInstanceOf(EvaluationException.class)
        .hasMessage("the weighted sum of its metrics is Infinity");
  }

  @Test
  void whoHasSeveralMetricsIsAskedOnce() throws Exception {
    Answering both =
        new Answering("both", Optional.of(Map.of("acc", measure(1, -1), "f1", measure(2, -1))));
    Answering other = new Answering("other", Optional.of(Map.of("x", measure(4, -1))));

    Judges.Verdict verdict =
        judges(judge(both, "acc", true, 1), judge(other, "", true, 1), judge(both, "f1", true, 1))
            .ask(CANDIDATE);

    assertThat(verdict.score().worth()).hasValue(7);
    assertThat(both.asked).isEqualTo(1);
    assertThat(other.asked).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, failure 1", "1, 2, failure 2", "2, 3, ''", "9, 3, ''"})
  void aFailureIsTriedAgainAsOftenAsItIsSaid(int retries, int asked, String failure)
      throws Exception {
    Answering late =
        new Answering(
            "late", Optional.empty(), Optional.empty(), Optional.of(Map.of("x", measure(0.5, -1))));
    Judge judge = new Judge(late, new Metric("", Optional.of(true), 1), retries);

    if (failure.isEmpty()) {
      assertThat(judge.ask(CANDIDATE)).containsKey("x");
    } else {
      assertThatThrownBy(() -> judge.ask(CANDIDATE))
          .isInstanceOf(EvaluationException.class)
          .hasMessage(failure);
    }
    assertThat(late.asked).isEqualTo(asked);
  }

  /** An evaluator may end well and write a file without the metric. */
  @Test
  void resultsWithoutTheMetricAreAFailureToo() throws Exception {
    Answering mended =
        new Answering(
            "mended",
            Optional.of(Map.of("f1", measure(1, -1))),
            Optional.of(Map.of("f1", measure(1, -1), "acc", measure(0.5, -1))));
    Judge judge = new Judge(mended, new Metric("acc", Optional.of(true), 1), 1);

    assertThat(judge.ask(CANDIDATE)).containsKey("acc");
    assertThat(mended.asked).isEqualTo(2);
  }

  @Test
  void judgesDifferByEvaluatorMetricDirectionAndWeight() {
    Evaluator evaluator = Evaluators.elsewhere("1");
    List<Judges> all =
        List.of(
            judges(judge(evaluator, "acc", true, 1)),
            judges(judge(Evaluators.elsewhere("2"), "acc", true, 1)),
            judges(judge(evaluator, "f1", true, 1)),
            judges(judge(evaluator, "acc", false, 1)),
            judges(judge(evaluator, "acc", true, 2)),
            judges(judge(evaluator, "acc", true, 1), judge(evaluator, "f1", true, 1)));

    assertThat(all).extracting(Judges::identity).doesNotHaveDuplicates();
    assertThat(new Judges(all.get(0).all(), 8).identity()).isEqualTo(all.get(0).identity());
  }

  @Test
  void scoresAreNamedIfEachIsByAVersionOrAMetric() {
    assertThat(judges(told("", true, 1)).areNamed()).isFalse();
    assertThat(judges(told("acc", true, 1)).areNamed()).isTrue();
    assertThat(judges(told("acc", true, 1), told("", true, 1)).areNamed()).isFalse();
    assertThat(judges(judge(Evaluators.elsewhere("2"), "", true, 1)).areNamed()).isTrue();
  }

  @Test
  void filesAreNeededIfOneLooksAtThem() throws EvaluationException {
    Judge table =
        judge(Evaluators.table("t", "{\"model_name\": \"a\", \"acc\": 1}"), "acc", true, 1);
    Judge looking = judge(new Answering("files"), "x", true, 1);

    assertThat(judges(table).needModel()).isFalse();
    assertThat(judges(table, looking).needModel()).isTrue();
    assertThat(judges(table, looking).heedlessOfBudgets()).containsExactly(table);
    assertThat(judges(table, looking).areHere()).isTrue();
    assertThat(judges(looking, told("acc", true, 1)).areHere()).isFalse();
  }

  @Test
  void nobodyIsNoJudge() {
    assertThatThrownBy(() -> judges())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("nobody judges");
    assertThatThrownBy(
            () -> new Judge(Evaluators.elsewhere(""), new Metric("", Optional.empty(), 1), -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("retries are -1");
  }
}
