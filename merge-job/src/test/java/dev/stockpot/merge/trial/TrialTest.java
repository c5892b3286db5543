package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What is written down of a trial is that trial, and what is said of it holds no keys. */
class TrialTest {
  private static JsonObject written(Trial trial) throws JsonException {
    String text = JsonWriter.text(JsonStyle.COMPACT, trial.json());
    return Json.parse(text.getBytes(StandardCharsets.UTF_8)).object().orElseThrow();
  }

  private static Trial trial(Score score, Map<String, Double> measures, String failure) {
    return new Trial("c1", Point.of(1, 0.5), "a + b", score, measures, failure, 1.5, "");
  }

  @Property(tries = 200)
  void whatIsWrittenIsReadToTheLastDigit(
      @ForAll @Size(min = 1, max = 4) List<@DoubleRange(min = -1e9, max = 1e9) Double> values,
      @ForAll @IntRange(max = 3) int budget,
      @ForAll @DoubleRange(min = -1e300, max = 1e300) double worth,
      @ForAll @DoubleRange(max = 1e9) double error)
      throws JsonException {
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("t:acc,none", worth);
    measures.put("loss", -worth);
    Trial trial =
        new Trial(
            "c1",
            new Point(values, budget),
            "0.5 × a + \"b\"\n",
            new Score(OptionalDouble.of(worth), OptionalDouble.of(error), List.of(worth, -worth)),
            measures,
            "",
            2.125,
            "0123456789abcdef");

    assertThat(Trial.of(written(trial))).contains(trial);
  }

  @Test
  void whatIsNotKnownIsNotWritten() {
    assertThat(trial(Score.of(1), Map.of(), "").json().fields().keySet())
        .containsExactly("candidate", "what", "point", "worth", "seconds");
    assertThat(trial(Score.FAILED, Map.of(), "no GPU").json().fields().keySet())
        .containsExactly("candidate", "what", "point", "failure", "seconds");
    assertThat(trial(Score.of(1), Map.of(), "").told().get("seconds")).isEmpty();
  }

  @Test
  void aScoreIsSaidWithItsMeasuresAndItsError() {
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("acc", 0.123456789);
    measures.put("loss", 1234567.0);
    Score score = new Score(OptionalDouble.of(1), OptionalDouble.of(0.0123));

    assertThat(trial(score, measures, "").inWords())
        .isEqualTo("a + b: acc 0.123457, loss 1.23457e+06 ± 0.012");
    assertThat(trial(Score.FAILED, Map.of(), "no GPU").inWords()).isEqualTo("a + b: no GPU");
  }

  @Test
  void keysThatEvaluatorsPrintAreHidden() {
    Trial trial =
        trial(Score.FAILED, Map.of(), "401: Authorization: Bearer hf_abcdefghijklmnopqrs");

    assertThat(trial.failure()).startsWith("401").doesNotContain("hf_abcdefghijklmnopqrs");
    assertThat(trial.json().text("failure")).isEqualTo(trial.failure());
  }

  @Test
  void measuresKeepTheirOrderAndStayAsTheyAre() {
    Map<String, Double> measures = new LinkedHashMap<>();
    List.of("z", "a", "m").forEach(name -> measures.put(name, 1.0));
    Trial trial = trial(Score.of(1), measures, "");
    measures.clear();

    assertThat(trial.measures().keySet()).containsExactly("z", "a", "m");
    assertThatThrownBy(() -> trial.measures().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void theStateThatItWasDrawnFromIsAllThatChangesWithIt() {
    Trial trial = trial(Score.of(1), Map.of("acc", 1.0), "");

    assertThat(trial.inState("0123").json().without("state")).isEqualTo(trial.json());
    assertThat(trial.inState("0123").state()).isEqualTo("0123");
  }
}
