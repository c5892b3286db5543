package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.run.Inspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code --json}: one line on standard output, as its schema in docs/schemas has it. */
class ResultJsonTest {
  private static final Map<String, Class<?>> RESULTS =
      Map.of(
          "plan", Results.Plan.class,
          "inspect", Inspection.class,
          "verify", Results.Verified.class,
          "diff", Results.Compared.class,
          "methods", Results.Methods.class,
          "doctor", Results.Machine.class,
          "ensemble", PredictionShapes.Ensembled.class,
          "calibrate", PredictionShapes.Ensembled.class,
          "teach", PredictionShapes.Taught.class);

  @TempDir private Path folder;

  record Leaf(double number, Optional<String> text) {}

  record Tree(int wholeNumber, List<Leaf> leaves, Map<String, Long> byName, OptionalDouble none) {}

  static List<String> commands() {
    return RESULTS.keySet().stream().sorted().toList();
  }

  @BeforeEach
  void writeModels() throws IOException {
    ModelFolder.at(folder.resolve("a")).floats("norm.weight", 1, 2, 3).write();
    ModelFolder.at(folder.resolve("b")).floats("norm.weight", 3, 2, 1).write();
    Files.writeString(
        folder.resolve("linear.yml"),
        "merge_method: linear\nparameters: {weight: 0.5}\nmodels: [{model: %s}, {model: %s}]\n"
            .formatted(folder.resolve("a"), folder.resolve("b")));
  }

  private JsonObject json(CommandLineRun run) throws Exception {
    assertThat(run.out().strip().lines()).as(run.err()).hasSize(1);
    return Json.parse(run.out().getBytes(UTF_8)).object().orElseThrow();
  }

  static void keepsItsSchema(String command, JsonObject json) {
    JsonObject schema =
        ResultSchema.of("stockpot %s --json".formatted(command), RESULTS.get(command));
    assertThat(ResultSchema.faults(schema, json)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theSchemaIsTheOneInTheDocs(String command) throws IOException {
    String schema =
        JsonWriter.text(
                JsonStyle.PYTHON,
                ResultSchema.of("stockpot %s --json".formatted(command), RESULTS.get(command)))
            + "\n";
    Path made = Files.createDirectories(Path.of("target/schemas")).resolve(command + ".json");
    Files.writeString(made, schema);
    Path page = Path.of("../docs/schemas").resolve(command + ".json");

    assertThat(Files.exists(page) ? Files.readString(page) : "")
        .as("stale: cp merge-job/target/schemas/*.json docs/schemas/")
        .isEqualTo(schema);
  }

  @Test
  void aPlanForAProgram() throws Exception {
    JsonObject plan =
        json(CommandLineRun.of("plan", folder.resolve("linear.yml"), "--json").succeeds());

    keepsItsSchema("plan", plan);
    assertThat(plan.whole("tensors", 0)).isEqualTo(1);
    assertThat(plan.whole("bytes_read", 0)).isEqualTo(2 * 3 * 4);
    assertThat(plan.object("plan").orElseThrow().text("method")).isEqualTo("linear");
    assertThat(plan.object("plan").orElseThrow().objects("models")).hasSize(2);
  }

  @Test
  void headersForAProgram() throws Exception {
    JsonObject found = json(CommandLineRun.of("inspect", folder.resolve("a"), "--json").succeeds());

    keepsItsSchema("inspect", found);
    assertThat(found.objects("tensors").get(0).text("name")).isEqualTo("norm.weight");
    assertThat(found.objects("tensors").get(0).text("dtype")).isEqualTo("F32");
    assertThat(found.get("statistics")).contains(JsonValue.nothing());
  }

  @Test
  void verificationAndComparisonForAProgram() throws Exception {
    Path merged = folder.resolve("merged");
    CommandLineRun.of("merge", folder.resolve("linear.yml"), merged, "--set", "report=false")
        .succeeds();

    JsonObject intact = json(CommandLineRun.of("verify", merged, "--json", "--sha256").succeeds());
    JsonObject compared =
        json(CommandLineRun.of("diff", folder.resolve("a"), merged, "--json").succeeds());
    CommandLineRun verify = CommandLineRun.of("verify", folder.resolve("a"), "--json");

    keepsItsSchema("verify", intact);
    assertThat(intact.get("intact")).contains(JsonValue.of(true));
    assertThat(intact.object("sha256").orElseThrow().has("model.safetensors")).isTrue();
    keepsItsSchema("diff", compared);
    assertThat(compared.whole("tensors", 0)).isEqualTo(1);
    assertThat(verify.exitCode()).as("nothing that was merged").isEqualTo(1);
    assertThat(verify.out()).isEmpty();
  }

  @Test
  void methodsForAProgram() throws Exception {
    JsonObject all = json(CommandLineRun.of("methods", "--json").succeeds());
    JsonObject ties = json(CommandLineRun.of("methods", "ties", "--json").succeeds());

    keepsItsSchema("methods", all);
    keepsItsSchema("methods", ties);
    assertThat(all.objects("methods")).hasSizeGreaterThan(30);
    assertThat(ties.objects("methods")).hasSize(1);
    assertThat(ties.objects("methods").get(0).objects("parameters"))
        .anySatisfy(parameter -> assertThat(parameter.text("name")).isEqualTo("density"));
    assertThat(CommandLineRun.of("methods", "tise", "--json").exitCode()).isEqualTo(2);
  }

  @Test
  void theMachineForAProgram() throws Exception {
    JsonObject machine = json(CommandLineRun.of("doctor", "--json").succeeds());

    keepsItsSchema("doctor", machine);
    assertThat(machine.objects("offers")).isNotEmpty();
  }

  @Test
  void whatIsNoNumberOrNotThereIsNull() {
    Tree tree =
        new Tree(
            7,
            List.of(new Leaf(0.5, Optional.of("a \"b\"")), new Leaf(Double.NaN, Optional.empty())),
            Map.of("x", 9L),
            OptionalDouble.empty());

    assertThat(RecordJson.line(tree))
        .isEqualTo(
            "{\"whole_number\":7,\"leaves\":[{\"number\":0.5,\"text\":\"a \\\"b\\\"\"},"
                + "{\"number\":null,\"text\":null}],\"by_name\":{\"x\":9},\"none\":null}");
  }

  @Test
  void aSchemaFindsWhatBreaksIt() throws Exception {
    JsonObject schema = ResultSchema.of("a tree", Tree.class);
    JsonValue wrong =
        Json.parse(
            "{\"whole_number\": \"7\", \"leaves\": [{\"number\": 1, \"text\": 2}], \"more\": 1, \"none\": null}"
                .getBytes(UTF_8));

    assertThat(ResultSchema.faults(schema, wrong))
        .hasSize(5) // one for each of text and null, which it is not
        .anyMatch(fault -> fault.contains("by_name"))
        .anyMatch(fault -> fault.contains("whole_number"))
        .anyMatch(fault -> fault.contains("leaves[0].text"))
        .anyMatch(fault -> fault.contains("more"));
  }
}
