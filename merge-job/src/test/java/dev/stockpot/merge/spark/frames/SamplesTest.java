package dev.stockpot.merge.spark.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.predict.Columns;
import dev.stockpot.merge.predict.NamedTable;
import dev.stockpot.merge.predict.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samples as lm-evaluation-harness logs them. */
class SamplesTest {
  @TempDir private static Path folder;
  private static FrameSession spark;

  @BeforeAll
  static void start() {
    spark = FrameSession.ofSmallTables(/* hasKryo= */ false);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private static NamedTable samples(String name, String... lines) throws IOException {
    Path file = folder.resolve(name + ".jsonl");
    return new NamedTable("s", Files.writeString(file, String.join("\n", lines)).toString());
  }

  private static List<Row> rows(NamedTable table) {
    return new FrameReader(spark.session(), Columns.USUAL)
        .read(table)
        .rows()
        .orderBy(Frame.ID)
        .collectAsList();
  }

  @Test
  void choicesAreLogitsAndMissingOnesImpossible() throws IOException {
    NamedTable table =
        samples(
            "choices",
            "{\"doc_id\": 0, \"doc_hash\": \"abcdef0123456789\", \"target\": \"1\", \"filter\": \"none\","
                + " \"filtered_resps\": [[\"-5.5\", \"False\"], [\"-1.25\", \"True\"], [\"-7\", \"False\"]], \"acc\": 1.0}",
            "{\"doc_id\": 1, \"doc_hash\": \"0123456789abcdef\", \"target\": 0, \"filter\": \"none\","
                + " \"filtered_resps\": [[-0.5, false], [-2.5, false]], \"acc\": 1.0}");
    List<Row> rows = rows(table);
    assertThat(rows.get(0).getString(0)).isEqualTo("0:abcdef01");
    assertThat(rows.get(0).getString(1)).isEqualTo("1");
    assertThat(rows.get(0).<Double>getList(2)).containsExactly(-5.5, -1.25, -7.0);
    assertThat(rows.get(1).<Double>getList(2))
        .containsExactly(-0.5, -2.5, Double.NEGATIVE_INFINITY);
    try (var joined =
        PredictionFrames.open().join(List.of(table), Optional.empty(), Columns.USUAL, false)) {
      assertThat(joined.findings().labelled()).isEqualTo(2);
      assertThat(joined.tables().scales()).containsExactly(Scale.LOGITS);
    }
  }

  @Test
  void aSequenceStandsAgainstAnythingElse() throws IOException {
    NamedTable table =
        samples(
            "sequence",
            "{\"doc_id\": 4, \"target\": \" word\", \"filtered_resps\": [[\"-0.5\", \"True\"]]}");
    Row row = rows(table).get(0);
    assertThat(row.getString(0)).isEqualTo("4");
    assertThat(row.getString(1)).isEqualTo("0");
    List<Double> scores = row.getList(2);
    assertThat(scores.get(0)).isEqualTo(-0.5);
    assertThat(Math.exp(scores.get(0)) + Math.exp(scores.get(1))).isCloseTo(1, within(1e-12));
  }

  private static String sample(int document, String target, String... replies) {
    return "{\"doc_id\": %s, \"doc_hash\": \"%s\", \"target\": \"%s\", \"filtered_resps\": [%s]}"
        .formatted(
            document,
            "0".repeat(16),
            target,
            Arrays.stream(replies)
                .map("[\"%s\", \"False\"]"::formatted)
                .collect(Collectors.joining(", ")));
  }

  private static Joined join(NamedTable... tables) {
    return PredictionFrames.open().join(List.of(tables), Optional.empty(), Columns.USUAL, false);
  }

  @Test
  void modelsAreJoinedByDocumentWhateverTheirOrder() throws IOException {
    NamedTable one = samples("one", sample(0, "1", "-2", "-1"), sample(1, "0", "-1", "-3"));
    NamedTable other =
        samples("other-order", sample(1, "0", "-4", "-2"), sample(0, "1", "-3", "-2"));
    try (Joined joined = join(one, new NamedTable("t", other.path()))) {
      assertThat(joined.findings().examples()).isEqualTo(2);
      assertThat(joined.findings().labelled()).isEqualTo(2);
      assertThat(joined.tables().scales()).containsExactly(Scale.LOGITS, Scale.LOGITS);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | nan | has a score that is no number",
        "0 | | has a score that is no number",
        "0 | many | has a score that is no number",
        "0 | inf | has a score that its scale does not have",
        "7 | -1 | has a label that is no class (7, of 2 classes)",
        "yes | -1 | has a label that is no class (no whole number, of 2 classes)"
      })
  void aDocumentWithAFaultIsTold(String target, String reply, String message) throws IOException {
    String said = reply == null ? "" : reply;
    NamedTable table =
        samples("fault", sample(3, target, "-0.5", said), sample(4, "0", "-1", "-2"));
    assertThatThrownBy(() -> join(table).close())
        .isInstanceOf(UserException.class)
        .hasMessageContaining("example 3:00000000 " + message);
  }

  /** As where samples of two runs lie in one file. */
  @Test
  void aDocumentThatIsThereTwiceIsTold() throws IOException {
    NamedTable table = samples("twice", sample(3, "0", "-1", "-2"), sample(3, "0", "-1", "-2"));
    assertThatThrownBy(() -> join(table).close())
        .isInstanceOf(UserException.class)
        .hasMessageContaining("example 3:00000000 is there more than once")
        .hasMessageContaining("are several runs in one table?");
  }

  @Test
  void modelsThatWereAskedForOtherDocumentsAreTold() throws IOException {
    NamedTable one = samples("some", sample(0, "1", "-2", "-1"), sample(1, "0", "-1", "-3"));
    NamedTable other = samples("fewer", sample(0, "1", "-3", "-2"));
    assertThatThrownBy(() -> join(one, new NamedTable("t", other.path())).close())
        .isInstanceOf(UserException.class)
        .hasMessageContaining("example 1:00000000 is missing");
  }

  @Test
  void refusesGeneratedText() throws IOException {
    NamedTable table =
        samples(
            "text",
            "{\"doc_id\": 0, \"target\": \"4\", \"filter\": \"strict-match\", \"filtered_resps\": [[\"4\"]]}");
    assertThatThrownBy(() -> rows(table))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("has samples behind the filter strict-match");
  }

  @Test
  void refusesOtherJson() throws IOException {
    NamedTable other = samples("other", "{\"id\": 0}");
    assertThatThrownBy(() -> rows(other))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("has no `filtered_resps` with log-probabilities");
    NamedTable none = samples("none", "this is no JSON");
    assertThatThrownBy(() -> rows(none))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("cannot be read: ");
  }
}
