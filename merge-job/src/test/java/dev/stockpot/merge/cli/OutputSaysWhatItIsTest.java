package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies beside merged weights, under which names, and what it tells of them. */
class OutputSaysWhatItIsTest {
  private static final String CONFIG =
      "{\n    \"num_hidden_layers\": 2, \"eps\": 1e-05,\n\n    \"layer_types\": [\"a\", \"b\"],"
          + "\n    \"torch_dtype\": \"float32\" , \"zero\": 0.0\n}";

  @TempDir private Path folder;
  private Situation here;

  @BeforeEach
  void stand() {
    here = new Situation(folder);
  }

  private ModelFolder model(String name, float value) throws IOException {
    return here.model(name)
        .filled("model.layers.0.w", value, 2, 2)
        .filled("model.layers.1.w", value, 2, 2);
  }

  private void merge(String... options) throws IOException {
    here.merge(Situation.half("a", "b"), options).succeeds();
  }

  @Test
  void theConfigurationStaysAsItIsWritten() throws IOException {
    model("a", 1).file("config.json", CONFIG).write();
    model("b", 3).file("config.json", CONFIG).write();

    merge();
    assertThat(here.text("config.json")).isEqualTo(CONFIG);

    merge("--dtype", "bfloat16");
    assertThat(here.text("config.json")).isEqualTo(CONFIG.replace("float32", "bfloat16"));
  }

  @Test
  void whatFollowsTheLayersChangesAndNothingElse() throws IOException {
    model("a", 1).file("config.json", CONFIG).write();

    here.merge(
            """
            merge_method: passthrough
            slices:
            - sources: [{model: a, layer_range: [0, 2]}]
            - sources: [{model: a, layer_range: [1, 2]}]
            """)
        .succeeds();

    assertThat(here.text("config.json"))
        .isEqualTo(
            CONFIG
                .replace("layers\": 2", "layers\": 3")
                .replace("[\"a\", \"b\"]", "[\"a\", \"b\", \"b\"]"));
  }

  @ParameterizedTest
  @CsvSource({
    "diffusion_pytorch_model, ''",
    "diffusion_pytorch_model, fp16",
    "model, fp16",
    "open_clip_model, ''",
    "consolidated, ''",
  })
  void filesAreCalledAsTheirLibraryCallsThem(String stem, String variant) throws IOException {
    SafetensorsLayout layout = new SafetensorsLayout(stem, variant);
    model("a", 1).write(layout, 2);
    model("b", 3).write();

    merge("--shard-size", "16");
    assertThat(here.files())
        .containsExactlyInAnyOrder(
            "README.md",
            layout.file(1, 2),
            layout.file(2, 2),
            layout.indexFile(),
            "stockpot-manifest.json");
    assertThat(here.first("model.layers.1.w")).isEqualTo(2);
    CommandLineRun.of("verify", here.out()).succeeds();

    merge();
    assertThat(here.files())
        .containsExactlyInAnyOrder("README.md", layout.file(1, 1), "stockpot-manifest.json");
    CommandLineRun.of("verify", here.out()).succeeds();
  }

  @Test
  void theConfigurationOfDiffusersGetsNoKeyOfTransformers() throws IOException {
    String config = "{\n  \"_class_name\": \"X\",\n  \"_diffusers_version\": \"0.30.0\"\n}\n";
    model("a", 1).file("config.json", config).write("diffusion_pytorch_model.safetensors");
    model("b", 3).file("config.json", config).write("diffusion_pytorch_model.safetensors");

    merge("--dtype", "bfloat16");

    assertThat(here.text("config.json")).isEqualTo(config);
    assertThat(here.text("README.md")).contains("library_name: diffusers\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spm.model",
        "qwen.tiktoken",
        "tiktoken.model",
        "source.spm",
        "bpe.codes",
        "normalizer.json",
        "additional_chat_templates/tool_use.jinja",
        "LICENSE",
        "USE_POLICY.md",
      })
  void whatATokenizerOrAReaderNeedsGoesAlong(String name) throws IOException {
    model("a", 1).file(name, "its content").write();
    model("b", 3).file(name, "another").write();

    CommandLineRun run = here.merge(Situation.half("a", "b")).succeeds();

    assertThat(here.text(name)).isEqualTo("its content");
    assertThat(run.err()).isEmpty();
    assertThat(here.text("stockpot-manifest.json")).contains("\"" + name + "\"");
  }

  @Test
  void whatStaysIsToldAndListed() throws IOException {
    model("a", 1)
        .file("modeling_qwen.py", "x=1")
        .file("pytorch_model.bin", "x")
        .file("original/consolidated.00.pth", "x")
        .file("original/tokenizer.model", "x")
        .file("README.md", "a")
        .write();
    model("b", 3).file("modeling_other.py", "x=1").write();

    CommandLineRun run = here.merge(Situation.half("a", "b")).succeeds();

    assertThat(run.err())
        .isEqualTo(
            "Note: left behind of a: modeling_qwen.py (code), pytorch_model.bin (weights),"
                + " original/ (holds weights)\n");
    assertThat(here.files())
        .containsExactly("README.md", "model.safetensors", "stockpot-manifest.json");
    assertThat(here.text("stockpot-manifest.json"))
        .contains("\"left_behind\"")
        .contains("\"original/\"")
        .doesNotContain("modeling_other.py");
  }

  @Test
  void aLinkOutOfTheModelIsNotCopied() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "do not tell");
    model("a", 1).write();
    model("b", 3).write();
    Files.createSymbolicLink(folder.resolve("a/tokenizer.json"), secret);

    CommandLineRun run = here.merge(Situation.half("a", "b")).succeeds();

    assertThat(here.files()).doesNotContain("tokenizer.json");
    assertThat(run.err())
        .isEqualTo(
            "Note: left behind of a: tokenizer.json (a link to %s, outside of the model)\n"
                .formatted(secret.toRealPath()));
  }

  @Test
  void theCardNamesModelsOfTheHubAndTheLicenceThatAllHave() throws IOException {
    for (String name : List.of("org/base", "org/math", "org/code")) {
      model(name, 1)
          .file("config.json", "{\"model_type\": \"x\"}")
          .file("README.md", "---\nlicense: apache-2.0\n---\n")
          .write();
    }

    CommandLineRun run =
        here.merge("base_model: org/base\n" + Situation.half("org/math", "org/code")).succeeds();

    assertThat(here.text("README.md"))
        .startsWith(
            """
            ---
            library_name: transformers
            base_model:
            - org/math
            - org/code
            - org/base
            base_model_relation: merge
            license: apache-2.0
            tags:
            - merge
            - stockpot
            ---
            """);
    assertThat(run.err()).doesNotContain("licence");
  }

  @Test
  void licencesThatDifferAreTold() throws IOException {
    model("a", 1).file("README.md", "---\nlicense: apache-2.0\n---\n").write();
    model("b", 3).file("README.md", "---\nlicense: llama3.1\n---\n").write();

    CommandLineRun run = here.merge(Situation.half("a", "b")).succeeds();

    assertThat(run.err())
        .contains(
            "Note: README.md names no licence, because the models' own do not agree: apache-2.0"
                + " (a), llama3.1 (b).");
    assertThat(here.text("README.md")).doesNotContain("\nlicense:");
  }

  @Test
  void anOutputIsAModelLikeAnyOther() throws IOException {
    model("a", 1).file("README.md", "---\nbase_model: org/x\n---\n").file("vocab.txt", "v").write();
    model("b", 3).write();
    merge();
    Files.move(here.out(), folder.resolve("merged"));

    CommandLineRun run = here.merge(Situation.half("merged", "b")).succeeds();

    assertThat(run.err()).isEmpty();
    assertThat(here.files())
        .containsExactly("README.md", "model.safetensors", "stockpot-manifest.json", "vocab.txt");
    assertThat(here.text("README.md")).contains("base_model:\n- org/x\n");
    assertThat(here.first("model.layers.0.w")).isEqualTo(2.5);
  }
}
