package dev.stockpot.merge.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What services answer, without one. */
class HttpAnswersTest {
  private static Duration patience(Map<String, List<String>> headers) {
    return HttpEvaluator.patience(HttpHeaders.of(headers, (name, value) -> true));
  }

  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "0, 0",
    "86400, 86400",
    "9223372036854775807, 86400",
    "99999999999999999999, 2",
    "'Fri, 31 Dec 1999 23:59:59 GMT', 2",
    "'', 2",
    "1.5, 2"
  })
  void aServiceSaysHowLongItIsToBeLeftAlone(String header, long seconds) {
    assertThat(patience(Map.of("retry-after", List.of(header))))
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void oneThatSaysNothingIsAskedEveryTwoSeconds() {
    assertThat(patience(Map.of("location", List.of("/jobs/7")))).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void anAnswerIsJsonInAsManyLinesAsItLikes() throws EvaluationException {
    for (String end : List.of("\n", "\r\n", "\r")) {
      assertThat(Results.ofAnswer(String.join(end, "", "{", " \"acc\":", " 0.5", "}", "")))
          .containsExactly(Map.entry("acc", Measure.of(0.5)));
    }
    assertThat(Results.ofAnswer("0.25\r\n")).containsExactly(Map.entry("score", Measure.of(0.25)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | its answer is '', must be a number or JSON",
        "busy | its answer is 'busy', must be a number or JSON",
        "nan | its answer is nan, must be finite",
        "[0.5] | its answer is '[0.5]', must be a number or JSON",
        "{} | its results have no number in them"
      })
  void anAnswerThatIsNoScoreIsShown(String body, String message) {
    assertThatThrownBy(() -> Results.ofAnswer(body))
        .isInstanceOf(EvaluationException.class)
        .hasMessage(message);
  }

  @Test
  void ofALongAnswerTheBeginningIsShown() {
    assertThatThrownBy(() -> Results.ofAnswer("<html>" + "x".repeat(500)))
        .hasMessage("its answer is '<html>" + "x".repeat(74) + "…', must be a number or JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://host/x", "host:80/x", "/score", "http:///x", "mailto:a@b"})
  void anAddressIsThatOfAService(String address) {
    assertThatThrownBy(() -> Evaluators.http(URI.create(address), Duration.ofHours(1), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(address + " is no address of http or https");
  }

  @Test
  void scoresHangOnTheAddressAndTheVersionNotOnPatience() {
    URI service = URI.create("http://host/score");
    Evaluator first = Evaluators.http(service, Duration.ofHours(1), "1");

    assertThat(Evaluators.http(service, Duration.ofHours(2), "1").identity())
        .isEqualTo(first.identity());
    assertThat(Evaluators.http(service, Duration.ofHours(1), "2").identity())
        .isNotEqualTo(first.identity());
    assertThat(Evaluators.http(URI.create("http://host/s"), Duration.ofHours(1), "1").identity())
        .isNotEqualTo(first.identity());
  }
}
