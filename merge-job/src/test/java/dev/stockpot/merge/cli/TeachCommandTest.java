package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.spark.frames.FrameSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Soft labels as a trainer reads them. */
class TeachCommandTest {
  @TempDir private Path folder;
  private static FrameSession spark;
  private Path out;

  @BeforeAll
  static void startOneForAll() {
    spark = FrameSession.ofSmallTables(/* hasKryo= */ false);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void writeTables() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "id,x,y,z\nr,0.5,0.3,0.2\ns,0.1,0.1,0.8\n");
    Files.writeString(folder.resolve("b.csv"), "id,x,y,z\ns,0.3,0.1,0.6\nr,0.1,0.7,0.2\n");
    out = folder.resolve("out");
  }

  private CommandLineRun teach(Object... more) {
    Object[] begin = {
      "teach",
      folder.resolve("a.csv"),
      folder.resolve("b.csv"),
      "--scores",
      "probabilities",
      "--output",
      out
    };
    Object[] all = Arrays.copyOf(begin, begin.length + more.length);
    System.arraycopy(more, 0, all, begin.length, more.length);
    return CommandLineRun.of(all);
  }

  private List<Row> rows() {
    return spark
        .session()
        .read()
        .parquet(out.resolve("predictions").toString())
        .orderBy("id")
        .collectAsList();
  }

  @Test
  void labelsAreParquetWithStatisticsAndAPage() throws IOException {
    CommandLineRun run = teach().succeeds();
    assertThat(run.out())
        .contains("All teachers agree on 50.00 % of the examples", "Labelled 2 examples")
        .contains("a: entropy ", "decides as the labels on 50.00 %");
    List<Row> rows = rows();
    assertThat(rows.get(0).getString(0)).isEqualTo("r");
    assertThat(rows.get(0).isNullAt(1)).isTrue();
    assertThat(rows.get(0).<Double>getList(2).get(1)).isCloseTo(0.5, within(1e-12));
    assertThat(rows.get(1).<Double>getList(2).get(2)).isCloseTo(0.7, within(1e-12));
    assertThat(out.resolve("metrics.json")).content().contains("\"alike\" : 0.5");
    assertThat(out.resolve("report/report.html")).content().contains("Soft labels");
    assertThat(out.resolve("stockpot-manifest.json")).content().contains("\"teach\"");
  }

  @Test
  void labelsForAProgramAreOneLineOfJson() throws Exception {
    CommandLineRun run = teach("--json", "--temperature", "2").succeeds();
    assertThat(run.out().lines()).hasSize(1);
    JsonObject told = Json.parse(run.out().getBytes(UTF_8)).object().orElseThrow();
    ResultJsonTest.keepsItsSchema("teach", told);
    assertThat(told.objects("teachers"))
        .extracting(teacher -> teacher.text("name"))
        .containsExactly("a", "b");
    assertThat(told.get("temperature").orElseThrow().number()).hasValue(2);
  }

  @Test
  void theBestClassesAreWrittenWithWhatTheRestHas() {
    teach("--top-k", "2", "--weight", "b=3").succeeds();
    Row first = rows().get(0);
    assertThat(first.<Integer>getList(2)).containsExactly(1, 0);
    assertThat(first.<Double>getList(3).get(0)).isCloseTo(0.6, within(1e-12));
    assertThat(first.getDouble(4)).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThat(teach("--top-k", "0").exitCode()).isEqualTo(2);
    assertThat(teach("--temperature", "-1").err()).contains("The temperature is -1.0");
    assertThat(teach("--by", "greedy").err()).contains("no ensemble by greedy");
    assertThat(teach("--by", "logits").err()).contains("of which there are no logits to average");
    assertThat(out).doesNotExist();
  }
}
