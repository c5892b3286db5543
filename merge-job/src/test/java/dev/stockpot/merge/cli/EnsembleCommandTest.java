package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.spark.frames.FrameSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ensembles from the command line, of digits. */
class EnsembleCommandTest {
  @TempDir private Path folder;
  private Path out;

  private static FrameSession spark;

  @BeforeAll
  static void startOneForAll() {
    spark = FrameSession.ofSmallTables(/* hasKryo= */ true);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void writeTables() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      try (InputStream table =
          getClass().getResourceAsStream("/dev/stockpot/merge/predict/%s.csv".formatted(name))) {
        Files.copy(table, folder.resolve(name + ".csv"));
      }
    }
    out = folder.resolve("out");
  }

  private CommandLineRun ensemble(Object... more) {
    List<Object> words = new ArrayList<>(List.of("ensemble"));
    Stream.of("a", "b", "c").forEach(name -> words.add(folder.resolve(name + ".csv")));
    words.addAll(List.of("--scores", "logits", "--output", out));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray());
  }

  private JsonObject json(String name) throws Exception {
    return Json.parse(Files.readAllBytes(out.resolve(name))).object().orElseThrow();
  }

  private static double measure(JsonObject metrics, String name, String measure) {
    return metrics.objects("measures").stream()
        .filter(one -> one.text("name").equals(name))
        .findFirst()
        .flatMap(one -> one.get(measure))
        .map(JsonValue::number)
        .orElseThrow()
        .orElseThrow();
  }

  private static JsonObject wanted(String name) throws Exception {
    try (InputStream file =
        EnsembleCommandTest.class.getResourceAsStream(
            "/dev/stockpot/merge/predict/expected.json")) {
      return Json.parse(file.readAllBytes())
          .object()
          .flatMap(all -> all.object(name))
          .orElseThrow();
    }
  }

  @Test
  void aMeanIsMeasuredWrittenAndShown() throws Exception {
    CommandLineRun run = ensemble().succeeds();
    assertThat(run.out())
        .containsPattern("Model +accuracy +NLL +Brier +ECE +ECE mass\n")
        .contains("a and b disagree on", "Combined 719 examples of 3 models")
        .contains("Report   " + out + "/report/report.html");
    JsonObject metrics = json("metrics.json");
    for (String measure : List.of("accuracy", "nll", "brier", "ece", "ece_mass")) {
      double value = wanted("mean").get(measure).orElseThrow().number().orElseThrow();
      assertThat(measure(metrics, "ensemble", measure)).isCloseTo(value, within(1e-9));
    }
    assertThat(json("ensemble.json").text("by")).isEqualTo("mean");
    assertThat(out.resolve("predictions/part-00000.parquet")).isNotEmptyFile();
    assertThat(out.resolve("report/report.html")).content().contains("Reliability", "\"nll\":");
    assertThat(json("stockpot-manifest.json").objects("files"))
        .extracting(file -> file.text("file"))
        .containsExactlyInAnyOrder(
            "ensemble.json",
            "metrics.json",
            "predictions/part-00000.parquet",
            "report/report.html");
    try (Stream<Path> beside = Files.list(folder)) {
      assertThat(beside.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("a.csv", "b.csv", "c.csv", "out");
    }
  }

  @Test
  void whatWasFittedIsAppliedToOthers() throws Exception {
    ensemble("--by", "stacking", "--calibrate", "--fit-share", "0.5").succeeds();
    JsonObject fitted = json("ensemble.json");
    JsonObject measured = json("metrics.json");
    ResultJsonTest.keepsItsSchema("ensemble", measured); // with intervals and a temperature
    assertThat(measured.objects("measures").get(0).whole("examples", 0)).isBetween(300L, 420L);
    Path first = out;
    out = folder.resolve("again");
    ensemble("--apply", first).succeeds();
    assertThat(json("ensemble.json")).isEqualTo(fitted);
    assertThat(measure(json("metrics.json"), "ensemble, calibrated", "ece")).isLessThan(0.08);
  }

  @Test
  void theResultIsATableThatIsReadAgain() throws Exception {
    ensemble("--bootstrap", "0").succeeds();
    Path first = out;
    out = folder.resolve("again");
    CommandLineRun run =
        CommandLineRun.of(
                "ensemble",
                "mean=" + first.resolve("predictions"),
                "--columns",
                "probabilities",
                "--output",
                out,
                "--json",
                "--bootstrap",
                "0")
            .succeeds();
    JsonObject metrics = Json.parse(run.out().getBytes(UTF_8)).object().orElseThrow();
    double value = wanted("mean").get("nll").orElseThrow().number().orElseThrow();
    assertThat(measure(metrics, "mean", "nll")).isCloseTo(value, within(1e-9));
    ResultJsonTest.keepsItsSchema("ensemble", metrics);
    ResultJsonTest.keepsItsSchema("ensemble", json("metrics.json"));
  }

  @Test
  void aSoupBesideItIsMeasuredAndIsNoPartOfIt() throws Exception {
    CommandLineRun run =
        CommandLineRun.of(
                "ensemble",
                folder.resolve("a.csv"),
                folder.resolve("b.csv"),
                "--beside",
                "soup=" + folder.resolve("c.csv"),
                "--calibrate",
                "--scores",
                "logits",
                "--bootstrap",
                "0",
                "--output",
                out)
            .succeeds();
    assertThat(run.out())
        .contains("Soup or ensemble?")
        .containsPattern("best single model \\(a\\), 1 model an example: accuracy 0\\.638")
        .containsPattern("  soup, 1 model an example: accuracy 0\\.631")
        .containsPattern("  ensemble, 2 models an example")
        .containsPattern("  ensemble, calibrated, 2 models an example");
    assertThat(json("ensemble.json").objects("models")).hasSize(2);
    assertThat(json("metrics.json").objects("alternatives"))
        .extracting(one -> one.text("what"))
        .containsExactly("best single model", "soup", "ensemble", "ensemble, calibrated");
    assertThat(json("metrics.json").objects("pairs")).hasSize(1);
    ResultJsonTest.keepsItsSchema("ensemble", json("metrics.json"));
  }

  @Test
  void anotherOneIsReplacedOnlyIfAsked() {
    ensemble().succeeds();
    CommandLineRun second = ensemble("--by", "logits");
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.err()).contains("is not empty");
    ensemble("--by", "logits", "--overwrite").succeeds();
  }

  @Test
  void badTablesAreToldAndLeaveNothing() throws IOException {
    Files.writeString(
        folder.resolve("b.csv"), Files.readString(folder.resolve("b.csv")).replace("\n7,", "\n8,"));
    CommandLineRun run = ensemble();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines().toList())
        .hasSize(3)
        .anyMatch(line -> line.matches("b .*: example 8 is there more than once.*"))
        .anyMatch(line -> line.matches("b .*: example 7 is missing.*"))
        .anyMatch(line -> line.matches("b .*: example 8 has two labels.*"));
    assertThat(out).doesNotExist();
  }

  @Test
  void refusesTablesThatAreNotThere() {
    CommandLineRun run = CommandLineRun.of("ensemble", folder.resolve("x.csv"), "--output", out);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("x.csv): there is no file and no folder of that name");
  }

  @Test
  void refusesTheTableAsTheOutput() {
    out = folder;
    CommandLineRun run = ensemble();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("holds the table a");
  }

  @Test
  void refusesOptionsThatMakeNoSense() {
    assertThat(ensemble("--by", "magic").err()).contains("There is no way `magic`");
    assertThat(ensemble("--weight", "x=2").err()).contains("no table of that name");
    assertThat(ensemble("--missing", "guess").exitCode()).isEqualTo(2);
    assertThat(ensemble("--fit-share", "2").err()).contains("must be over 0 to 1");
    assertThat(ensemble("--bootstrap", "-1").err()).contains("-1 replicates");
    assertThat(out).doesNotExist();
  }
}
