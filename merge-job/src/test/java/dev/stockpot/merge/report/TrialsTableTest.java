package dev.stockpot.merge.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrialsTableTest {
  private static final JsonObject SCORED =
      JsonObject.EMPTY
          .with("candidate", "3f2a")
          .with("what", "a + b")
          .with("worth", JsonValue.of(0.75))
          .with("stderr", JsonValue.of(0.01))
          .with("verdict", "accepted");
  private static final JsonObject FAILED =
      JsonObject.EMPTY
          .with("candidate", "77ab")
          .with("what", "</script><b>c")
          .with("failure", "it printed nothing")
          .with("verdict", "");

  @Test
  void aRowIsATrialInItsOrder() {
    List<List<Object>> rows = TrialsTable.of(List.of(SCORED, FAILED)).rows();
    assertThat(rows.get(0))
        .containsExactly(1, "3f2a", "a + b", 0.75, 0.01, null, null, "accepted", null, null);
    assertThat(rows.get(1))
        .isEqualTo(
            Arrays.asList(
                2,
                "77ab",
                "</script><b>c",
                null,
                null,
                null,
                null,
                null,
                "it printed nothing",
                null));
  }

  @Test
  void pointsOfAPathSayWhereTheyLie() {
    JsonObject middle = SCORED.with("t", JsonValue.of(0.5));
    assertThat(TrialsTable.of(List.of(middle)).rows().get(0)).endsWith(0.5);
  }

  @Test
  void whatNoOtherIsBetterThanIsMarkedAndSoIsTheNumberOfExamples() {
    JsonObject onFront = SCORED.with("front", true).with("budget", 50);
    List<Object> row = TrialsTable.of(List.of(onFront)).rows().get(0);
    assertThat(row.subList(5, 7)).containsExactly(50, 1);
  }

  @Test
  void aMergeThatNothingChoseHasNone() {
    assertThat(TrialsTable.of(List.of()).rows()).isEmpty();
  }

  @Test
  void alternativesAreDataOfThePageToo() {
    JsonObject row = JsonObject.EMPTY.with("what", "uniform </script>").with("models", 1);
    Report.Heading heading =
        new Report.Heading(
            "t",
            "linear",
            Optional.empty(),
            "",
            List.of(),
            List.of(SCORED),
            List.of(row),
            Report.Made.UNKNOWN);
    assertThat(ReportFiles.page(new Report(heading, List.of(), List.of())))
        .contains("\"alternatives\":[{\"what\":\"uniform \\u003c/script\\u003e\"")
        .contains("id=\"answers\" hidden", "function showAlternatives()");
  }

  @Test
  void thePageHoldsTrialsAsDataAndNeverAsMarkup() {
    Report.Heading heading =
        new Report.Heading("t", "linear", Optional.empty(), "", List.of(), List.of(SCORED, FAILED));
    String page = ReportFiles.page(new Report(heading, List.of(), List.of()));
    assertThat(page)
        .contains("\"trials\":[{\"candidate\":\"3f2a\"", "\\u003c/script\\u003e\\u003cb\\u003ec")
        .contains("id=\"choice\" hidden", "function showChoice()")
        .doesNotContain("/* TRIALS */", "</script><b>c");
  }
}
