package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.report.ParquetRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reports of merges and of comparisons, through the command line. */
class ReportTest {
  private static final String QUERY = "model.layers.1.self_attn.q_proj.weight";
  private static final String HOSTILE = "</script><img src=x onerror=alert(1)>&\u2028\"'";
  private static final String TIES =
      """
      merge_method: ties
      base_model: base
      models:
      - {model: one, parameters: {weight: 1, density: 0.5}}
      - {model: two, parameters: {weight: 1, density: 0.25}}
      """;
  private static final String LINEAR =
      """
      merge_method: linear
      models:
      - {model: one, parameters: {weight: 1}}
      - {model: two, parameters: {weight: 1}}
      """;

  @TempDir private static Path models;
  @TempDir private Path folder;

  @BeforeAll
  static void writeModels() throws IOException {
    String[] names = {"base", "one", "two"};
    for (int tune = 0; tune < names.length; tune++) {
      ModelFolder.at(models.resolve(names[tune]))
          .bfloats("model.embed_tokens.weight", tune, 1_200, 1_000) // larger than a reduction block
          .bfloats("model.layers.0.self_attn.q_proj.weight", tune, 64, 96)
          .bfloats(QUERY, tune, 64, 96)
          .bfloats(HOSTILE, tune, 5)
          .tensor("position_ids", DType.I64, new byte[16], 2)
          .write();
    }
  }

  private Path merge(String recipe, String... settings) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    Path out = folder.resolve("out");
    Stream<Object> options =
        Stream.concat(Stream.of("model-root=" + models), Stream.of(settings))
            .flatMap(setting -> Stream.of("--set", setting));
    CommandLineRun.of(
            Stream.concat(Stream.of("merge", file, out, "--overwrite"), options).toArray())
        .succeeds();
    return out.resolve("report");
  }

  private static Map<String, String> row(Path table, Map<String, String> wanted)
      throws IOException {
    List<Map<String, String>> rows =
        ParquetRows.of(table).stream()
            .filter(row -> row.entrySet().containsAll(wanted.entrySet()))
            .toList();
    assertThat(rows).as("%s in %s", wanted, table).hasSize(1);
    return rows.get(0);
  }

  private static double number(Map<String, String> row, String column) {
    return Double.parseDouble(row.get(column));
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = new double[a.length];
    Arrays.setAll(difference, i -> a[i] - b[i]);
    return difference;
  }

  private static double norm(double[] a) {
    return Math.sqrt(Arrays.stream(a).map(x -> x * x).sum());
  }

  private static double[] values(String model, String tensor) throws IOException {
    return new Tensors(models.resolve(model)).values(tensor);
  }

  @Test
  void figuresOfATensorAreThoseOfPlainCode() throws IOException {
    Path report = merge(TIES);
    double[] base = values("base", QUERY);
    double[] one = difference(values("one", QUERY), base);
    double[] two = difference(values("two", QUERY), base);
    double[] result = new Tensors(folder.resolve("out")).values(QUERY);
    double product = 0;
    int conflicts = 0;
    for (int i = 0; i < one.length; i++) {
      product += one[i] * two[i];
      conflicts += one[i] * two[i] < 0 ? 1 : 0;
    }

    Map<String, String> tensor = row(report.resolve("tensors.parquet"), Map.of("tensor", QUERY));
    assertThat(tensor).containsEntry("layer", "1").containsEntry("block", "self_attn.q_proj");
    assertThat(number(tensor, "base_norm")).isCloseTo(norm(base), within(1e-6));
    assertThat(number(tensor, "sign_conflicts")).isEqualTo((double) conflicts / one.length);
    assertThat(number(tensor, "result_norm"))
        .isCloseTo(norm(difference(result, base)), within(1e-6));

    Map<String, String> first =
        row(report.resolve("models.parquet"), Map.of("tensor", QUERY, "model", "one"));
    assertThat(number(first, "norm")).isCloseTo(norm(one), within(1e-6));
    assertThat(number(first, "relative_norm")).isCloseTo(norm(one) / norm(base), within(1e-6));
    assertThat(number(first, "distance_to_result"))
        .isCloseTo(norm(difference(values("one", QUERY), result)), within(1e-6));
    // of equal magnitudes at the threshold as many stay as chance has it
    assertThat(number(first, "kept")).isCloseTo(0.5, within(0.005));
    Map<String, String> second =
        row(report.resolve("models.parquet"), Map.of("tensor", QUERY, "model", "two"));
    assertThat(number(second, "kept")).isCloseTo(0.25, within(0.005));

    Map<String, String> pair = row(report.resolve("cosines.parquet"), Map.of("tensor", QUERY));
    assertThat(number(pair, "cosine")).isCloseTo(product / norm(one) / norm(two), within(1e-6));
    Map<String, String> layer =
        row(report.resolve("layers.parquet"), Map.of("layer", "1", "model", "one"));
    assertThat(number(layer, "norm")).isCloseTo(norm(one), within(1e-6)); // its only tensor
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "merge_method: iso_c\n",
        "merge_method: cabs\nparameters: {weight: 0.01}\n",
        "merge_method: task_arithmetic\nparameters: {weight: 0.01}\npost: [svc]\n",
      })
  void tensorsThatAreMadeWholeAreSeenAsOthersAre(String method) throws IOException {
    Path report = merge(method + "base_model: base\nmodels: [{model: one}, {model: two}]\n");
    double[] base = values("base", QUERY);
    double[] one = difference(values("one", QUERY), base);
    double[] result = new Tensors(folder.resolve("out")).values(QUERY);

    Map<String, String> tensor = row(report.resolve("tensors.parquet"), Map.of("tensor", QUERY));
    assertThat(number(tensor, "base_norm")).isCloseTo(norm(base), within(1e-6));
    assertThat(number(tensor, "result_norm"))
        .isCloseTo(norm(difference(result, base)), within(1e-6));
    Map<String, String> first =
        row(report.resolve("models.parquet"), Map.of("tensor", QUERY, "model", "one"));
    assertThat(number(first, "norm")).isCloseTo(norm(one), within(1e-6));
    assertThat(number(first, "distance_to_result"))
        .isCloseTo(norm(difference(values("one", QUERY), result)), within(1e-6));
    // bfloat16 loses what is small: a hundredth of a few steps
    assertThat(number(tensor, "lost")).isGreaterThanOrEqualTo(0);
    if (method.contains("0.01")) {
      int kept = 0;
      for (int i = 0; i < base.length; i++) {
        kept += result[i] != base[i] ? 1 : 0;
      }
      assertThat(number(tensor, "lost_share")).isGreaterThan(0.2);
      assertThat(kept).isLessThan(base.length);
    }
  }

  @Test
  void whatHasNoBaseHasNoTaskVectors() throws IOException {
    Path report = merge(LINEAR);
    Map<String, String> first =
        row(report.resolve("models.parquet"), Map.of("tensor", QUERY, "model", "one"));
    assertThat(number(first, "norm")).isCloseTo(norm(values("one", QUERY)), within(1e-6));
    assertThat(first).doesNotContainKeys("relative_norm", "kept");
    assertThat(row(report.resolve("tensors.parquet"), Map.of("tensor", QUERY)))
        .doesNotContainKeys("sign_conflicts", "base_norm", "lost");
  }

  @Test
  void theReportIsTheSameHoweverTheMergeIsCutAndWhoeverRunsIt() throws IOException {
    Map<String, String> whole = files(merge(TIES));
    assertThat(whole).hasSize(6);
    assertThat(files(merge(TIES, "part-size=1MiB", "chunk-elements=4096", "tasks=4")))
        .isEqualTo(whole);
    assertThat(files(merge(TIES, "task-memory=1MiB", "provider=scalar"))).isEqualTo(whole);
  }

  private static Map<String, String> files(Path report) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(report)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Arrays.toString(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  @Test
  void isNotWrittenIfSwitchedOff() throws IOException {
    assertThat(merge(TIES, "report=false")).doesNotExist();
  }

  @Test
  void namesInThePageAreDataAndNoMarkup() throws IOException {
    String page = Files.readString(merge(TIES + "# " + HOSTILE + "\n").resolve("report.html"));
    assertThat(page).doesNotContain("<img").doesNotContain("onerror=alert(1)>");
    String opening = "<script type=\"application/json\" id=\"data\">";
    int begin = page.indexOf(opening) + opening.length();
    JsonNode data = new ObjectMapper().readTree(page.substring(begin, page.indexOf('<', begin)));
    assertThat(data.get("tensors").findValuesAsText("name")).contains(HOSTILE);
    assertThat(data.get("recipe").asText()).contains(HOSTILE);
  }

  @Test
  void copiedTensorsAreListedWithoutFigures() throws IOException {
    Map<String, String> copied =
        row(merge(TIES).resolve("tensors.parquet"), Map.of("tensor", "position_ids"));
    assertThat(copied).containsEntry("sampled", "0").doesNotContainKey("result_norm");
  }

  @Test
  void diffTellsHowMuchEachLayerChanges() throws IOException {
    Path out = folder.resolve("difference");
    CommandLineRun run =
        CommandLineRun.of("diff", models.resolve("base"), models.resolve("one"), "--output", out)
            .succeeds();
    double[] base = values("base", QUERY);
    double change = norm(difference(values("one", QUERY), base)) / norm(base);
    assertThat(run.out())
        .containsPattern(
            "(?m)^1 +%.3f %% +%.3f %%  %s$".formatted(100 * change, 100 * change, QUERY));
    assertThat(run.err())
        .contains("1 tensor not compared, because their elements are no floating-point numbers");
    Map<String, String> tensor = row(out.resolve("report/models.parquet"), Map.of("tensor", QUERY));
    assertThat(number(tensor, "relative_norm")).isCloseTo(change, within(1e-6));
    assertThat(out.resolve("report/report.html")).exists();
  }

  @Test
  void diffOfACheckpointWithItselfIsNothing() throws IOException {
    CommandLineRun run =
        CommandLineRun.of("diff", models.resolve("one"), models.resolve("one")).succeeds();
    assertThat(run.out()).containsPattern("(?m)^0 +0.000 %");
  }
}
