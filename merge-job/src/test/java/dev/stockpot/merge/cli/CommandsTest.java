package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.methods.PostSteps;
import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that look and explain, and need no Spark. */
class CommandsTest {
  @TempDir private Path folder;

  private Path model(String name) throws IOException {
    return ModelFolder.at(folder.resolve(name))
        .floats("model.norm.weight", 1, 2, 3)
        .bfloats("model.layers.10.weight", 1, 4, 4)
        .bfloats("model.layers.2.weight", 1, 4, 4)
        .tensor("position_ids", DType.I64, new byte[16], 2)
        .write();
  }

  /** A refusal says something, tells how to go on and shows no stack. */
  private static void assertWrongUse(CommandLineRun run, String message) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith(message).contains("Usage: ").doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"merge", "plan", "inspect", "verify", "methods", "quickstart"})
  void everyCommandHasHelp(String command) {
    CommandLineRun run = CommandLineRun.of(command, "--help").succeeds();
    assertThat(run.out()).startsWith("Usage: stockpot " + command + " ").contains("-h, --help");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void helpListsEveryCommandAndTheExitCodes() {
    CommandLineRun run = CommandLineRun.of("--help").succeeds();
    assertThat(run.out())
        .contains("merge ", "plan ", "inspect ", "verify ", "methods ", "quickstart ")
        .contains("Exit codes:")
        .containsPattern("0 +done")
        .containsPattern("1 +failed")
        .containsPattern("2 +wrong use")
        .containsPattern("130, 143 +stopped");
  }

  @Test
  void tellsItsVersionAndThatOfJava() {
    CommandLineRun run = CommandLineRun.of("--version").succeeds();
    assertThat(run.out())
        .isEqualTo(
            "stockpot development\nJava %s (%s)\n"
                .formatted(System.getProperty("java.version"), System.getProperty("java.vendor")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "merge            | Missing required parameters: 'RECIPE', 'OUT'",
        "merge recipe.yml | Missing required parameter: 'OUT'",
        "plan             | Missing required parameter: 'RECIPE'",
        "inspect          | Missing required parameter: 'CHECKPOINT'",
        "verify           | Missing required parameter: 'CHECKPOINT'",
        "inspect a b      | Unmatched argument at index 2: 'b'",
        "plan r --fast    | Unknown option: '--fast'",
        "plan r --seed x  | Invalid value for option '--seed': 'x' is not a long",
        "plan r --set x   | Value for option option '--set' (KEY=VALUE) should be in KEY=VALUE format but was x",
        "plan r --dtype int8 | Invalid value for option '--dtype': expected one of [BFLOAT16, FLOAT16, FLOAT32, FLOAT64] (case-insensitive) but was 'int8'",
      })
  void rejectsWrongUse(String line, String message) {
    assertWrongUse(CommandLineRun.of((Object[]) line.split(" ")), message);
  }

  @Test
  void suggestsACommandForAnUnknownOne() {
    CommandLineRun run = CommandLineRun.of("inspekt", "a");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "Unmatched arguments from index 0: 'inspekt', 'a'\nDid you mean: stockpot inspect?\n");
  }

  @Test
  void asksForACommand() {
    assertWrongUse(CommandLineRun.of(), "Which command?");
  }

  @Test
  void inspectListsTensorsInNaturalOrder() throws IOException {
    CommandLineRun run = CommandLineRun.of("inspect", model("a")).succeeds();
    assertThat(run.out())
        .isEqualTo(
            """
            Tensor                  type     shape                      size  file
            model.layers.2.weight   BF16     [4, 4]                     32 B  model.safetensors
            model.layers.10.weight  BF16     [4, 4]                     32 B  model.safetensors
            model.norm.weight       F32      [3]                        12 B  model.safetensors
            position_ids            I64      [2]                        16 B  model.safetensors

            BF16: 32 elements, 64 B
            F32: 3 elements, 12 B
            I64: 2 elements, 16 B
            4 tensors in 1 file; no problems found in their headers
            """);
  }

  @Test
  void inspectReportsWhatIsWrong() throws IOException {
    Path model = model("a");
    Files.write(model.resolve("model.safetensors"), new byte[0]);
    CommandLineRun run = CommandLineRun.of("inspect", model);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo(
            "Checkpoint %1$s cannot be used:\n- %1$s/model.safetensors, bytes 0-0: the file is empty. Fetch the shard again, or ask those who made it\n"
                .formatted(model));
  }

  @Test
  void planPrintsTotalsAndRunsNothing() throws IOException {
    Path recipe =
        Files.writeString(
            folder.resolve("recipe.yml"),
            """
            merge_method: slerp
            base_model: %1$s
            parameters: {t: 0.5}
            models: [{model: %1$s}, {model: %2$s}]
            """
                .formatted(model("a"), model("b")));
    CommandLineRun run =
        CommandLineRun.of("plan", recipe, "--shard-size", "70", "--set", "tasks=3").succeeds();
    assertThat(run.out())
        .isEqualTo(
            """
            Method   slerp
            Model    %s: 4 tensors in 1 file
            Model    %s: 4 tensors in 1 file

            File                                  tensors  parts       read      write
            model-00001-of-00002.safetensors            2      1       88 B      236 B
            model-00002-of-00002.safetensors            2      1       80 B      232 B
            Total                                       4      2      168 B      468 B

            Memory: at most 537 MB of buffers in each task, and 4.10 kB for its part where parts are uploaded; 1.61 GB for 3 tasks at once, as when embedded.
            Time, estimated for executors with 8 cores and 10 Gbit/s each, reading 168 B and writing 468 B:
               1 executor    0.0 s, limited by network
              4 executors    0.0 s, limited by network
             16 executors    0.0 s, limited by network
            Note: 1 tensor copied from one model, because whole numbers and flags are copied, not averaged: position_ids
            """
                .formatted(folder.resolve("a"), folder.resolve("b")));
    assertThat(run.err()).isEmpty();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(recipe, folder.resolve("a"), folder.resolve("b"));
    }
  }

  @Test
  void planTellsWhatIsScannedFirst() throws IOException {
    Path model = ModelFolder.at(folder.resolve("a")).bfloats("x", 0, 400_000).write();
    ModelFolder.at(folder.resolve("b")).bfloats("x", 1, 400_000).write();
    Path recipe =
        Files.writeString(
            folder.resolve("recipe.yml"),
            "merge_method: slerp\nbase_model: a\nparameters: {t: 0.5}\nmodels: [{model: b}]\n");
    CommandLineRun run =
        CommandLineRun.of(
                "plan",
                recipe,
                "--set",
                "task-memory=1MiB",
                "--set",
                "model-root=" + model.getParent())
            .succeeds();
    assertThat(run.out())
        .contains(
            "Too large for the memory of a task: 1 tensor, 1.60 MB of inputs, scanned once or more before the merge.\n");
  }

  @Test
  void planReportsProblemsOfTheRecipe() throws IOException {
    Path recipe = Files.writeString(folder.resolve("recipe.yml"), "merge_method: linear\n");
    CommandLineRun run = CommandLineRun.of("plan", recipe);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo("%s:1: there is nothing to merge; add `models` or `slices`\n".formatted(recipe));
  }

  @Test
  void verifyRefusesWhatStockpotDidNotMake() throws IOException {
    Path model = model("a");
    CommandLineRun run = CommandLineRun.of("verify", model);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "%s/stockpot-manifest.json does not exist: only what Stockpot merged can be verified\n"
                .formatted(model));
  }

  @Test
  void methodsListsEachWithItsParameters() {
    CommandLineRun run = CommandLineRun.of("methods").succeeds();
    assertThat(run.out())
        .startsWith(
            """
            linear: weighted average of the models
              weight     per model, a number, required
              normalize  one value, true or false, default true

            """)
        .endsWith("\nstockpot methods NAME explains one.\n");
    MergeMethods.all()
        .forEach(method -> assertThat("\n" + run.out()).contains("\n" + method.name() + ": "));
  }

  @Test
  void methodsExplainsOne() {
    CommandLineRun run = CommandLineRun.of("methods", "ties").succeeds();
    assertThat(run.out())
        .startsWith("ties: largest elements of each task vector")
        .contains("Formula    ", "Models     1 or more beside the base model, which is required\n")
        .contains("Reference  Yadav et al. 2023, TIES-Merging, arXiv:2306.01708\n")
        .contains("density    per model, a number from 0 to 1, default 1\n");
  }

  @ParameterizedTest
  @CsvSource({"tiess, did you mean `ties`?", "slurp, did you mean `slerp`?"})
  void methodsSuggestsTheOneThatWasMeant(String word, String suggestion) {
    assertWrongUse(
        CommandLineRun.of("methods", word),
        "`%s` is not a merge method; %s\n".formatted(word, suggestion));
  }

  @Test
  void methodsListsAllWhereNoneIsLikeIt() {
    List<String> names = new ArrayList<>();
    MergeMethods.all().forEach(method -> names.add("`" + method.name() + "`"));
    PostSteps.all().forEach(step -> names.add("`" + step.name() + "`"));
    assertWrongUse(
        CommandLineRun.of("methods", "xyzzy"),
        "`xyzzy` is not a merge method; the methods are %s\n".formatted(String.join(", ", names)));
  }
}
