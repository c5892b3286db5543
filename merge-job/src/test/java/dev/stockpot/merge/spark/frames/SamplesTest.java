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
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
