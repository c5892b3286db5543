package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.run.Merging;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same recipe gives the same bytes, however its work is cut, computed, spread and repeated. */
class SameBytesTest {
  /** Four blocks of reductions, the last of them short, whether or not they are of whole rows. */
  private static final long ROWS = 153;

  private static final long COLUMNS = 20_641;

  @TempDir private static Path models;
  @TempDir private Path folder;

  @BeforeAll
  static void writeModels() throws IOException {
    for (int fineTune = 0; fineTune < 3; fineTune++) {
      ModelFolder.at(models.resolve(List.of("base", "a", "b").get(fineTune)))
          .file("config.json", "{\"num_hidden_layers\": 2}")
          .bfloats("model.embed_tokens.weight", fineTune, ROWS, COLUMNS)
          .bfloats("model.layers.0.mlp.weight", fineTune, 48, 32)
          .bfloats("model.layers.1.mlp.weight", fineTune, 48, 32)
          .bfloats("model.layers.1.norm.weight", fineTune, 31)
          .tensor("model.layers.1.empty", DType.BF16, new byte[0], 0, 4)
          .tensor("model.position_ids", DType.I64, new byte[24], 3)
          .write();
    }
  }

  @BeforeEach
  void forgetFailures() {
    FlakyStore.reset();
  }

  private static String recipe(String method) {
    return switch (method) {
      case "linear" ->
          """
          merge_method: linear
          models:
          - {model: a, parameters: {weight: 0.3}}
          - {model: b, parameters: {weight: [0.1, 0.9]}}
          """;
      case "slerp" ->
          """
          merge_method: slerp
          base_model: a
          parameters: {t: [0.2, 0.7]}
          models:
          - {model: a}
          - {model: b}
          """;
      case "passthrough" ->
          """
          merge_method: passthrough
          slices:
          - sources: [{model: a, layer_range: [0, 2]}]
          - sources: [{model: b, layer_range: [0, 2], parameters: {scale: 0.7}}]
          """;
      case "arcee_fusion" ->
          """
          merge_method: arcee_fusion
          base_model: a
          models:
          - {model: a}
          - {model: b}
          """;
      case "nuslerp" ->
          """
          merge_method: nuslerp
          base_model: base
          parameters: {nuslerp_flatten: false, nuslerp_row_wise: true}
          models:
          - {model: a, parameters: {weight: 0.6}}
          - {model: b, parameters: {weight: 0.7}}
          """;
      default ->
          "merge_method: "
              + method
              + "\nbase_model: base\nmodels:\n"
              + "- {model: a, parameters: {weight: 0.6, density: 0.4}}\n"
              + "- {model: b, parameters: {weight: 0.7, density: 0.3}}\n";
    };
  }

  private Map<String, Long> merge(String method, String... settings) throws IOException {
    Path out = folder.resolve("out");
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe(method));
    String[] words =
        Stream.concat(Stream.of("model-root=" + models), Stream.of(settings))
            .toArray(String[]::new);
    Stream<Object> arguments =
        Stream.concat(
            Stream.of("merge", file, out, "--overwrite", "--seed", "11"),
            Stream.of(words).flatMap(setting -> Stream.of("--set", setting)));
    CommandLineRun.of(arguments.toArray()).succeeds();
    return checksums(out);
  }

  private static void mergeWith(FlakyStore store, Path recipe, Path out, Map<String, String> more) {
    Map<String, String> settings = new LinkedHashMap<>(more);
    settings.put("model-root", models.toString());
    settings.put("seed", "11");
    Merging.through(store, recipe, out, settings);
  }

  /** A checksum of every file. */
  private static Map<String, Long> checksums(Path folder) throws IOException {
    Map<String, Long> checksums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        CRC32C crc = new CRC32C();
        crc.update(Files.readAllBytes(file));
        checksums.put(folder.relativize(file).toString(), crc.getValue());
      }
    }
    return checksums;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "linear",
        "slerp",
        "ties",
        "dare_ties",
        "della",
        "arcee_fusion",
        "nuslerp",
        "passthrough"
      })
  void givesTheSameBytes(String method) throws IOException {
    assertSameBytes(method, "nearest");
  }

  @Test
  void givesTheSameBytesWhereItRoundsAtRandom() throws IOException {
    Map<String, Long> nearest = merge("task_arithmetic", "tasks=1");
    assertThat(assertSameBytes("task_arithmetic", "stochastic")).isNotEqualTo(nearest);
  }

  private Map<String, Long> assertSameBytes(String method, String rounding) throws IOException {
    String rounded = "rounding=" + rounding;
    Map<String, Long> expected =
        merge(
            method, rounded, "tasks=1", "provider=scalar", "part-size=64MiB", "task-memory=512MiB");
    assertThat(expected)
        .containsKeys("README.md", "config.json", "model.safetensors", "stockpot-manifest.json")
        .containsKeys("report/report.html", "report/tensors.parquet");
    assertThat(merge(method, rounded, "tasks=4", "provider=vector", "part-size=2MiB"))
        .as("four tasks, lanes, small parts, statistics found in the task that merges")
        .isEqualTo(expected);
    assertThat(
            merge(
                method,
                rounded,
                "tasks=4",
                "provider=vector",
                "part-size=1",
                "task-memory=2MiB",
                "chunk-elements=8192"))
        .as("four tasks, lanes, smallest parts, small chunks, statistics found in a first stage")
        .isEqualTo(expected);
    mergeWith(
        new FlakyStore(new LocalStore(), false),
        folder.resolve("recipe.yml"),
        folder.resolve("out"),
        Map.of(
            "rounding",
            rounding,
            "tasks",
            "3",
            "part-size",
            "1",
            "task-memory",
            "4MiB",
            "provider",
            "scalar"));
    assertThat(checksums(folder.resolve("out")))
        .as("tasks that fail and are tried again")
        .isEqualTo(expected);
    assertThat(FlakyStore.failures()).isGreaterThan(4);
    CommandLineRun.of("verify", folder.resolve("out")).succeeds();
    return expected;
  }

  @Test
  void givesOtherBytesForAnotherSeed() throws IOException {
    Path recipe = Files.writeString(folder.resolve("r.yml"), recipe("dare_ties"));
    Path out = folder.resolve("out");
    for (String seed : List.of("1", "2")) {
      CommandLineRun.of(
              "merge", recipe, out.resolve(seed), "--seed", seed, "--set", "model-root=" + models)
          .succeeds();
    }
    assertThat(new Tensors(out.resolve("1")).bytes("model.layers.0.mlp.weight"))
        .isNotEqualTo(new Tensors(out.resolve("2")).bytes("model.layers.0.mlp.weight"));
  }

  @Test
  void leavesNothingIfTasksFailForGood() throws IOException {
    Path recipe = Files.writeString(folder.resolve("recipe.yml"), recipe("linear"));
    Path out = folder.resolve("out");
    assertThatThrownBy(
            () ->
                mergeWith(
                    new FlakyStore(new LocalStore(), true),
                    recipe,
                    out,
                    Map.of("tasks", "2", "part-size", "1")))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("A task failed, also when it was tried again: ");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(recipe);
    }
  }

  @Test
  void keepsTheOldMergeIfTheNewOneFails() throws IOException {
    Map<String, Long> before = merge("linear");
    assertThatThrownBy(
            () ->
                mergeWith(
                    new FlakyStore(new LocalStore(), true),
                    folder.resolve("recipe.yml"),
                    folder.resolve("out"),
                    Map.of()))
        .isInstanceOf(UserException.class);
    assertThat(checksums(folder.resolve("out"))).isEqualTo(before);
  }
}
