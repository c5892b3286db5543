package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Adapters that are cut out of fine-tunes and merges, by the command line. */
class ExtractTest extends ExtractCases {
  @Test
  void aProgramHearsRankAndErrorOfEachModule() throws IOException, JsonException {
    Path tuned = model("tuned", true).write();
    Path out = folder.resolve("json");
    CommandLineRun run =
        CommandLineRun.of("extract", base, tuned, out, "--rank", "2", "--json").succeeds();

    assertThat(run.out().strip().lines()).hasSize(1);
    assertThat(run.err()).isEmpty();
    JsonObject said = Json.parse(run.out().getBytes(UTF_8)).object().orElseThrow();
    assertThat(said.fields().get("folder").text()).hasValue(out.toString());
    JsonObject modules = said.fields().get("modules").object().orElseThrow();
    assertThat(modules.fields().keySet()).containsExactlyInAnyOrder(Q, UP);
    JsonObject query = modules.fields().get(Q).object().orElseThrow();
    assertThat(query.fields().keySet()).containsExactly("rank", "error", "norm", "stable_rank");
    CommandLineRun again = CommandLineRun.of("extract", base, tuned, out, "--rank", "2", "--json");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.out()).isEmpty();
  }

  @Test
  void atFullRankTheAdapterOnTheBaseIsTheFineTune() throws IOException {
    Path tuned = model("tuned", true).write();
    CommandLineRun run = extract(tuned).succeeds();
    WrittenPairs pairs = new WrittenPairs(out());
    assertNear(pairs.change(UP), change(tuned, UP + ".weight"), 1e-7);
    assertNear(
        pairs.values("base_model.model." + Q + ".base_layer.bias"), values(tuned, Q + ".bias"), 0);
    assertThat(pairs.names()).doesNotContain("base_model.model.model.norm.weight");
    assertThat(run.err())
        .contains("as in the base, and not in the adapter: model.norm.weight")
        .contains("model.norm.weight")
        .contains("that differ and are no matrices of linear layers lie in the adapter as they are")
        .contains("lm_head.weight", Q + ".bias", LAYER + "input_layernorm.weight");

    Path baked = folder.resolve("baked");
    Path recipe =
        Files.writeString(
            folder.resolve("bake.yml"),
            "merge_method: passthrough\nmodels: [{model: '%s+%s'}]\n".formatted(base, out()));
    CommandLineRun.of("merge", recipe, baked).succeeds();
    for (String tensor : new Tensors(tuned).checkpoint().tensors().keySet()) {
      assertNear(values(baked, tensor), values(tuned, tensor), 2e-7);
    }
    CommandLineRun.of("verify", out()).succeeds();
  }

  @Test
  void tellsWhatEachMatrixLacks() throws IOException {
    Path tuned = model("tuned", true).write();
    CommandLineRun run = extract(tuned, "--rank", "2", "--embeddings", "leave").succeeds();
    assertThat(run.out())
        .containsPattern("rank +error +stable rank +module")
        .containsPattern(" 2 +\\d+\\.\\d\\d % +\\d+\\.\\d\\d +" + Q)
        .containsPattern("The adapter leaves out \\d+\\.\\d\\d % of the change of 2 modules");
    assertThat(run.err())
        .contains(
            "2 tensors that differ left as in the base, as was asked: lm_head.weight, model.embed_tokens.weight");
    WrittenPairs pairs = new WrittenPairs(out());
    double[] wanted = change(tuned, UP + ".weight");
    double left = 0;
    double all = 0;
    double[] got = pairs.change(UP);
    for (int i = 0; i < wanted.length; i++) {
      left += (wanted[i] - got[i]) * (wanted[i] - got[i]);
      all += wanted[i] * wanted[i];
    }
    double told =
        Golden2Case.object(out().resolve("stockpot-manifest.json")).objects("adapter").stream()
            .filter(module -> module.text("module").equals(UP))
            .findFirst()
            .orElseThrow()
            .get("error")
            .orElseThrow()
            .number()
            .getAsDouble();
    assertThat(Math.sqrt(left / all)).isCloseTo(told, within(1e-9));
    assertThat(Files.readString(out().resolve("README.md")))
        .contains("library_name: peft", "base_model", "| `%s` | 2 |".formatted(UP));
    assertThat(out().resolve("config.json")).doesNotExist();
  }

  @Test
  void isTheSameBytesHoweverItIsCutAndWhoeverComputes() throws IOException {
    Path tuned = model("tuned", true).write();
    extract(tuned, "--rank", "3").succeeds();
    byte[] first = Files.readAllBytes(out().resolve("adapter_model.safetensors"));
    extract(
            tuned,
            "--rank",
            "3",
            "--overwrite",
            "--set",
            "part-size=1kB",
            "--set",
            "provider=scalar",
            "--set",
            "tasks=1")
        .succeeds();
    assertThat(out().resolve("adapter_model.safetensors")).hasBinaryContent(first);
    CommandLineRun again = extract(tuned, "--rank", "3", "--resume").succeeds();
    assertThat(again.out()).contains("is this merge already: nothing to do");
  }

  @Test
  void embeddingsOfLowRankAreOfTheirTransposes() throws IOException {
    Path tuned = model("tuned", true).write();
    extract(tuned, "--embeddings", "low-rank", "--exclude", "norm").succeeds();
    WrittenPairs pairs = new WrittenPairs(out());
    assertNear(
        pairs.changeOfEmbedding("model.embed_tokens"),
        change(tuned, "model.embed_tokens.weight"),
        1e-7);
    assertNear(pairs.change("lm_head"), change(tuned, "lm_head.weight"), 1e-7);
    assertThat(pairs.names()).noneMatch(name -> name.contains("norm"));
  }

  @Test
  void aMergeBecomesAnAdapterOfItsBase() throws IOException {
    Path first = model("first", true).write();
    Path second = model("second", false).write();
    String recipe =
        """
        merge_method: task_arithmetic
        base_model: %s
        models:
          - {model: %s, parameters: {weight: 0.5}}
          - {model: %s, parameters: {weight: 2.0}}
        """
            .formatted(base, first, second);
    Path adapter = Files.writeString(folder.resolve("a.yml"), recipe + "output: {kind: adapter}\n");
    CommandLineRun.of("merge", adapter, out()).succeeds();
    Path merged = folder.resolve("merged");
    CommandLineRun.of("merge", Files.writeString(folder.resolve("m.yml"), recipe), merged)
        .succeeds();
    WrittenPairs pairs = new WrittenPairs(out());
    assertNear(pairs.change(Q), change(merged, Q + ".weight"), 1e-7);
    assertNear(pairs.change(UP), change(merged, UP + ".weight"), 1e-7);
    CommandLineRun plan = CommandLineRun.of("plan", adapter).succeeds();
    assertThat(plan.out())
        .contains("adapter_model.safetensors")
        .contains("what differs from the base is found first, by reading both once");
  }
}
