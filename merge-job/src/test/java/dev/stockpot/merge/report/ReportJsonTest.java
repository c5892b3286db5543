package dev.stockpot.merge.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page reads of a report. */
class ReportJsonTest {
  private static final Report REPORT =
      new Report(
          new Report.Heading(
              "Merge report",
              "ties",
              Optional.of("base"),
              "models: </script>",
              List.of(),
              List.of(),
              List.of(),
              new Report.Made("0.2.0", Map.of("", "lambda 1", "b", "weight 0.5"))),
          List.of("a", "b"),
          List.of());

  private static JsonObject json() throws JsonException {
    return Json.parse(ReportJson.of(REPORT).getBytes(UTF_8)).object().orElseThrow();
  }

  @Test
  void saysByWhatItWasMade() throws JsonException {
    assertThat(json().text("version")).isEqualTo("0.2.0");
    assertThat(json().text("parameters")).isEqualTo("lambda 1");
    assertThat(json().list("modelParameters"))
        .containsExactly(JsonValue.of(""), JsonValue.of("weight 0.5"));
  }

  @Test
  void noTextEndsTheScriptThatItStandsIn() {
    assertThat(ReportJson.of(REPORT)).doesNotContain("</script>");
  }

  /** Whatever the script looks up is there, and whatever is there for it is looked up. */
  @Test
  void thePageHasTheElementsThatItsScriptsSpeakOf() {
    String page = ReportFiles.page(REPORT);
    Matcher spoken = Pattern.compile("\\$\\(\"([a-z-]+)\"\\)").matcher(page);
    int count = 0;
    while (spoken.find()) {
      assertThat(page).contains("id=\"" + spoken.group(1) + "\"");
      count++;
    }
    assertThat(count).isGreaterThan(30);
    assertThat(page).doesNotContain("/* PAGE */", "/* MEASURES */", "/* VERDICTS */", "\"DATA\"");
  }
}
