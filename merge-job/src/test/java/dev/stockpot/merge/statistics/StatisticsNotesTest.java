package dev.stockpot.merge.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Metadata of statistics are read, and what is wrong with them is told. */
class StatisticsNotesTest {
  private final List<String> problems = new ArrayList<>();

  private StatisticsNotes notes(Map<String, String> metadata) {
    return StatisticsNotes.of(metadata, problems);
  }

  @Test
  void readsWhatAWriterSays() {
    StatisticsNotes notes =
        notes(
            Map.of(
                "kind", "gram",
                "normalised", "sum",
                "layout", "conv1d",
                "shared", "{\"k_proj\": \"q_proj\"}",
                "model_sha256", "ab".repeat(32),
                "dataset_note", "anything"));
    assertThat(notes.kind()).contains("gram");
    assertThat(notes.isSum()).contains(true);
    assertThat(notes.isTransposed()).isTrue();
    assertThat(notes.shared()).isEqualTo(Map.of("k_proj", "q_proj"));
    assertThat(notes.model()).contains("ab".repeat(32));
    assertThat(problems).isEmpty();
  }

  @Test
  void nothingSaidIsNothingKnown() {
    assertThat(notes(Map.of("format", "pt"))).isEqualTo(StatisticsNotes.NONE);
    assertThat(problems).isEmpty();
  }

  @Test
  void tellsOfAllThatIsWrong() {
    notes(
        Map.of(
            "normalised", "average",
            "layout", "nchw",
            "shared", "k_proj",
            "model_sha256", "ABC"));
    assertThat(problems)
        .containsExactly(
            "its metadata say normalised is 'average', must be mean or sum",
            "its metadata say layout is 'nchw', must be linear or conv1d",
            "its metadata say model_sha256 is 'ABC', which is no SHA-256 in lower-case hexadecimal"
                + " digits",
            "its metadata say shared is 'k_proj', must be a JSON object from names to names, such"
                + " as {\"k_proj\": \"q_proj\"}");
  }

  @Test
  void sharedNamesAreTexts() {
    for (String text : List.of("{}", "[]", "{\"a\": 1}", "3")) {
      problems.clear();
      assertThat(notes(Map.of("shared", text)).shared()).isEmpty();
      assertThat(problems).hasSize(1);
    }
  }
}
