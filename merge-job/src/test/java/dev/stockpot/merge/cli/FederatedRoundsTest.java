package dev.stockpot.merge.cli;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds one after the other: what they leave, and what they go on from. */
class FederatedRoundsTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    model("server", 0);
    model("c1", 1);
    model("c2", 2);
    model("c3", 3);
  }

  private void model(String name, int place) throws IOException {
    ModelFolder.at(folder.resolve(name))
        .bfloats("z.weight", place, 33, 8)
        .bfloats("a.weight", place, 12)
        .bfloats("layers.0.w", place, 8, 8)
        .bfloats("layers.10.w", place, 8, 8)
        .bfloats("layers.2.w", place, 8, 8)
        .write();
  }

  private static String recipe(String strategy, int number, String base, String more) {
    return """
    base_model: %s
    round: {strategy: %s, number: %s%s}
    models:
      - {model: c1, parameters: {examples: 10}}
      - {model: c2, parameters: {examples: 20}}
      - {model: c3, parameters: {examples: 30}}
    """
        .formatted(base, strategy, number, more);
  }

  private CommandLineRun round(String out, String strategy, int number, String base, String... more)
      throws IOException {
    return CommandLineRun.merging(
        folder, out, recipe(strategy, number, base, String.join("", more)));
  }

  private JsonObject state(String out) {
    return Golden2Case.object(folder.resolve(out).resolve("state/state.json"));
  }

  /** Every file but the manifest, which tells of paths. */
  private Map<String, String> files(String out) throws IOException {
    Map<String, String> files = new TreeMap<>();
    Path root = folder.resolve(out);
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString();
        if (!name.equals("stockpot-manifest.json") && !name.equals("README.md")) {
          files.put(name, HexFormat.of().formatHex(Files.readAllBytes(file)));
        }
      }
    }
    return files;
  }

  @Test
  void threeRoundsGoOnFromEachOther() throws IOException {
    round("r1", "fedadam", 1, "server").succeeds();
    round("r2", "fedadam", 2, "r1").succeeds();
    round("r3", "fedadam", 3, "r2").succeeds();

    assertThat(state("r3").integer("round")).hasValue(3);
    assertThat(state("r3").text("strategy")).isEqualTo("fedadam");
    assertThat(state("r3").objects("parents").get(0).text("checksum"))
        .isEqualTo(state("r2").text("model"));
    assertThat(state("r2").objects("parents").get(0).integer("round")).hasValue(1);
    assertThat(state("r3").object("numbers").orElseThrow().get("beta2"))
        .contains(JsonValue.ofJava(0.99));
    assertThat(folder.resolve("r3/state/m/model.safetensors")).exists();
    assertThat(folder.resolve("r3/state/v/model.safetensors")).exists();
    CommandLineRun.of("verify", folder.resolve("r3")).succeeds();
  }

  @Test
  void yesterdaysRoundMadeAgainIsYesterdaysToTheByte() throws IOException {
    round("r1", "fedyogi", 1, "server").succeeds();
    round("r2", "fedyogi", 2, "r1").succeeds();
    round("r3", "fedyogi", 3, "r2").succeeds();
    round("again", "fedyogi", 2, "r1").succeeds();

    assertThat(files("again")).isEqualTo(files("r2"));
  }

  @Test
  void theOrderOfClientsInTheTextDoesNotShow() throws IOException {
    round("one", "fedadam", 1, "server").succeeds();
    String other =
        recipe("fedadam", 1, "server", "")
            .replace("model: c1, parameters: {examples: 10}", "model: c9, parameters: {}")
            .replace(
                "model: c3, parameters: {examples: 30}", "model: c1, parameters: {examples: 10}")
            .replace("model: c9, parameters: {}", "model: c3, parameters: {examples: 30}");
    CommandLineRun.merging(folder, "other", other).succeeds();

    assertThat(files("other")).isEqualTo(files("one"));
  }

  @Test
  void whatIsThereAlreadyIsNotMadeAgain() throws IOException {
    round("r1", "fedadam", 1, "server").succeeds();
    Map<String, String> before = files("r1");
    CommandLineRun again =
        CommandLineRun.merging(folder, "r1", recipe("fedadam", 1, "server", ""), "--resume");

    assertThat(again.succeeds().out() + again.err()).contains("nothing to do");
    assertThat(files("r1")).isEqualTo(before);
  }

  @Test
  void tellsOfEachClientWhatItWasAndWhatItCounted() throws IOException {
    round("r1", "fedavg", 1, "server").succeeds();

    List<JsonObject> clients = state("r1").objects("clients");
    assertThat(clients)
        .extracting(client -> client.text("model"))
        .containsExactly("c1", "c2", "c3");
    assertThat(clients.get(2).get("examples")).contains(JsonValue.ofJava(30.0));
    assertThat(clients.get(2).get("weight").orElseThrow().number().getAsDouble()).isEqualTo(0.5);
    assertThat(clients.get(2).get("distance").orElseThrow().number().getAsDouble()).isPositive();
    assertThat(clients).extracting(client -> client.text("checksum")).doesNotHaveDuplicates();
    assertThat(state("r1").objects("states")).isEmpty();
  }

  @Test
  void aClientWithNanIsNamedAndNeverAveraged() throws IOException {
    ModelFolder.at(folder.resolve("c2"))
        .bfloats("z.weight", 2, 33, 8)
        .bfloats("a.weight", 2, 12)
        .bfloats("layers.0.w", 2, 8, 8)
        .tensor("layers.10.w", DType.BF16, nan(64), 8, 8)
        .bfloats("layers.2.w", 2, 8, 8)
        .write();
    CommandLineRun run = round("r1", "fedavg", 1, "server").succeeds();
    assertThat(run.out() + run.err()).contains("c2 is left out: it holds NaN or infinity");
    JsonObject hostile = state("r1").objects("clients").get(1);
    assertThat(hostile.get("accepted")).contains(JsonValue.of(false));
    assertThat(hostile.text("why")).isEqualTo("it holds NaN or infinity");

    CommandLineRun.merging(
            folder,
            "without",
            recipe("fedavg", 1, "server", "")
                .replace("  - {model: c2, parameters: {examples: 20}}\n", ""))
        .succeeds();
    assertThat(files("without").get("model.safetensors"))
        .isEqualTo(files("r1").get("model.safetensors"));
  }

  private static byte[] nan(int elements) {
    byte[] bytes = new byte[2 * elements];
    for (int i = 0; i < elements; i++) {
      bytes[2 * i] = (byte) 0xC0;
      bytes[2 * i + 1] = 0x7F;
    }
    return bytes;
  }

  // what does not belong together

  private void refused(CommandLineRun run, String... words) {
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains(words).doesNotContain("fault of Stockpot", "\tat ");
  }

  @Test
  void refusesAModelOfAnotherRound() throws IOException {
    round("r1", "fedadam", 1, "server").succeeds();

    refused(
        round("r3", "fedadam", 3, "r1"),
        "r1 is the result of round 1, so the next is round 2, and this says 3");
    refused(round("r1b", "fedadam", 1, "r1"), "and this says 1", "state: zero");
    assertThat(folder.resolve("r3")).doesNotExist();
    round("fresh", "fedadam", 1, "r1", ", state: zero").succeeds();
  }

  @Test
  void refusesAModelWithoutStateWhereTheRuleGoesOn() throws IOException {
    refused(
        round("r2", "fedadam", 2, "server"),
        "round 2 of fedadam goes on from state, and server has no state/state.json");
    round("r2", "fedavg", 2, "server").succeeds(); // which remembers nothing
  }

  @Test
  void refusesStateOfAnotherRule() throws IOException {
    round("r1", "fedavgm", 1, "server").succeeds();

    refused(round("r2", "fedadam", 2, "r1"), "was made by fedavgm and left no `v`");
  }

  @Test
  void refusesAModelThatIsNotTheOneThatTheRoundLeft() throws IOException {
    round("r1", "fedadam", 1, "server").succeeds();
    Files.copy(
        folder.resolve("c1/model.safetensors"),
        folder.resolve("r1/model.safetensors"),
        REPLACE_EXISTING);

    refused(
        round("r2", "fedadam", 2, "r1"),
        "r1 is not what round 1 left: its tensors have the checksum",
        "Take model and state of one round");
    assertThat(folder.resolve("r2")).doesNotExist();
  }

  @Test
  void refusesStateThatIsNotTheOneThatTheRoundLeft() throws IOException {
    round("r1", "fedadam", 1, "server").succeeds();
    round("r2", "fedadam", 2, "r1").succeeds();
    Files.copy(
        folder.resolve("r2/state/v/model.safetensors"),
        folder.resolve("r1/state/v/model.safetensors"),
        REPLACE_EXISTING);

    refused(round("again", "fedadam", 2, "r1"), "v has the checksum");
  }

  @Test
  void refusesTheStateFileOfAnotherOutput() throws IOException {
    round("r1", "fedadam", 1, "server").succeeds();
    round("r2", "fedadam", 2, "r1").succeeds();
    Files.copy(
        folder.resolve("r2/state/state.json"),
        folder.resolve("r1/state/state.json"),
        REPLACE_EXISTING);

    refused(
        round("r3", "fedadam", 3, "r1"),
        "state.json does not belong to the model beside it: the manifest there lists another");
  }

  @Test
  void refusesARoundOfWhichNobodyIsLeft() throws IOException {
    for (String client : List.of("c1", "c2", "c3")) {
      ModelFolder.at(folder.resolve(client))
          .bfloats("z.weight", 2, 33, 8)
          .tensor("a.weight", DType.BF16, nan(12), 12)
          .bfloats("layers.0.w", 2, 8, 8)
          .bfloats("layers.10.w", 2, 8, 8)
          .bfloats("layers.2.w", 2, 8, 8)
          .write();
    }

    refused(round("r1", "fedavg", 1, "server"), "All 3 clients of round 1 are left out");
    assertThat(folder.resolve("r1")).doesNotExist();
  }
}
