package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All files of merges with stages: they are those of merges one after the other. */
class StageMergeTest {
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String Q = "model.layers.0.self_attn.q_proj";
  private static final int WIDTH = 8;

  private static final String MEAN =
      """
      merge_method: linear
      models:
      - {model: a, parameters: {weight: 0.25}}
      - {model: b, parameters: {weight: 0.75}}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    model("a", 1, "x", "y", "z");
    model("b", 2, "z", "x", "w", "y");
    model("c", 3, "x", "y", "z", "w");
  }

  private void model(String name, int fineTune, String... words) throws IOException {
    List<String> entries = new ArrayList<>();
    for (int id = 0; id < words.length; id++) {
      entries.add("\"%s\": %s".formatted(words[id], id));
    }
    ModelFolder.at(folder.resolve(name))
        .file(
            "config.json",
            """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "num_hidden_layers": 1,
             "hidden_size": 8, "vocab_size": %s, "tie_word_embeddings": false}"""
                .formatted(words.length))
        .file("README.md", "---\nlicense: mit\nbase_model: org/%s\n---\n".formatted(name))
        .file(
            "tokenizer.json",
            "{\"version\": \"1.0\", \"added_tokens\": [], \"model\": {\"type\": \"WordLevel\", \"vocab\": {%s}, \"unk_token\": \"x\"}}"
                .formatted(String.join(", ", entries)))
        .bfloats(EMBEDDING, fineTune, words.length, WIDTH)
        .bfloats("lm_head.weight", fineTune, words.length, WIDTH)
        .bfloats(Q + ".weight", fineTune, WIDTH, WIDTH)
        .bfloats("model.norm.weight", fineTune, WIDTH)
        .write();
  }

  private CommandLineRun merge(String output, String recipe, String... more) throws IOException {
    return CommandLineRun.merging(folder, output, recipe, more);
  }

  /** Names of all files but those that tell how it was made, which are told otherwise. */
  private static List<String> files(Path output) throws IOException {
    try (Stream<Path> files = Files.list(output)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void areSame(String one, String other) throws IOException {
    assertThat(files(folder.resolve(one))).isEqualTo(files(folder.resolve(other)));
    for (String file : files(folder.resolve(one))) {
      if (!file.equals("stockpot-manifest.json") && !file.equals("README.md")) {
        assertThat(folder.resolve(one).resolve(file))
            .as(file)
            .hasSameBinaryContentAs(folder.resolve(other).resolve(file));
      }
    }
    assertThat(frontMatter(one)).isEqualTo(frontMatter(other));
  }

  private String frontMatter(String output) throws IOException {
    return Files.readString(folder.resolve(output).resolve("README.md")).split("---\n", -1)[1];
  }

  private JsonNode manifest(String output) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve(output).resolve("stockpot-manifest.json").toFile());
  }

  private static void isRefused(CommandLineRun run, int exitCode, String message) {
    assertThat(run.err()).contains(message);
    assertThat(run.exitCode()).isEqualTo(exitCode);
  }

  /** In stages, and then one after the other; compares all files. */
  private void isMadeAsIfWritten(String first, String second) throws IOException {
    merge("staged", "name: t\n" + first + "---\n" + second).succeeds();
    merge("t", first).succeeds();
    merge("stepped", second).succeeds();
    areSame("staged", "stepped");
    assertThat(folder.resolve("staged-scratch")).doesNotExist();
  }

  @Test
  void aVocabularyThatAStageMakesGoesOn() throws IOException {
    isMadeAsIfWritten(
        MEAN + "tokenizer_source: union\n",
        """
        merge_method: linear
        models:
        - {model: t, parameters: {weight: 0.5}}
        - {model: c, parameters: {weight: 0.5}}
        tokenizer_source: base
        """);
    assertThat(Files.readString(folder.resolve("staged/config.json")))
        .contains("\"vocab_size\": 4");
    assertThat(frontMatter("staged")).contains("license: mit", "org/a", "org/b", "org/c");
  }

  @Test
  void aVocabularyCanBeThatOfAStageWhichGivesNothingElse() throws IOException {
    isMadeAsIfWritten(
        MEAN + "tokenizer_source: union\n",
        """
        merge_method: linear
        models:
        - {model: a, parameters: {weight: 0.5}}
        - {model: c, parameters: {weight: 0.5}}
        tokenizer_source: t
        """);
    assertThat(Files.readString(folder.resolve("staged/tokenizer.json")))
        .contains("\"content\": \"w\"");
  }

  @Test
  void aTemplateThatAStageSetsGoesOn() throws IOException {
    isMadeAsIfWritten(
        MEAN
            + "tokenizer_source: union\nchat_template: \"{% for m in messages %}{{ m }}{% endfor %}\"\n",
        "merge_method: passthrough\nmodels:\n- model: t\n");
    assertThat(folder.resolve("staged/chat_template.jinja"))
        .hasContent("{% for m in messages %}{{ m }}{% endfor %}");
  }

  @Test
  void adaptersAreBakedOnStages() throws IOException {
    adapter("lora");
    String second =
        """
        merge_method: ties
        base_model: a
        models:
        - {model: t+lora, parameters: {weight: 0.5, density: 0.5}}
        - {model: t, parameters: {weight: 0.5, density: 0.5}}
        """;
    isMadeAsIfWritten(
        """
        merge_method: slerp
        base_model: a
        models: [{model: a2}]
        parameters: {t: 0.3}
        """
            .replace("a2", "a+lora"),
        second);
    assertThat(manifest("staged").findValuesAsText("file"))
        .contains("adapter_model.safetensors", "model.safetensors");
  }

  private void adapter(String name) throws IOException {
    float[] numbers = new float[2 * WIDTH];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (i % 5 - 2) / 8f;
    }
    ModelFolder.at(folder.resolve(name))
        .matrix("base_model.model." + Q + ".lora_A.weight", numbers, 2, WIDTH)
        .matrix("base_model.model." + Q + ".lora_B.weight", numbers, WIDTH, 2)
        .adapter("\"r\": 2, \"lora_alpha\": 4, \"base_model_name_or_path\": \"org/a\"");
  }

  @Test
  void anOutputThatIsAnAdapterOfAStageIsRefused() throws IOException {
    adapter("lora");
    isRefused(
        merge(
            "lora",
            "name: t\n" + MEAN + "---\nmerge_method: passthrough\nmodels:\n- model: t+lora\n",
            "--overwrite"),
        1,
        "the adapter lora");
    assertThat(folder.resolve("lora/adapter_model.safetensors")).exists();
  }

  @Test
  void aStageWithAnAdapterThatIsCalledLikeAFolderIsRefused() throws IOException {
    adapter("lora");
    Files.createDirectories(folder.resolve("t+lora"));
    Files.writeString(folder.resolve("t+lora/notes.txt"), "mine");
    isRefused(
        merge(
            "out",
            "name: t\n" + MEAN + "---\nmerge_method: passthrough\nmodels:\n- model: t+lora\n"),
        2,
        "recipe.yml:9: stage `t+lora` is called like");
  }

  private static final String CHAIN =
      "name: t\n"
          + MEAN
          + "tokenizer_source: union\n---\n"
          + """
          name: s
          merge_method: slerp
          base_model: t
          models: [{model: c}]
          parameters: {t: 0.3}
          tokenizer_source: base
          ---
          merge_method: linear
          models:
          - {model: s, parameters: {weight: 0.5}}
          - {model: t, parameters: {weight: 0.5}}
          """;

  @Test
  void stagesThatAreKeptAreModels() throws IOException {
    merge("plain", CHAIN).succeeds();
    CommandLineRun run = merge("out", CHAIN, "--keep-stages").succeeds();

    assertThat(run.out())
        .contains("Stage t is in " + folder.resolve("out-stages/t"))
        .contains("Stage s is in " + folder.resolve("out-stages/s"));
    merge("t", CHAIN.split("---\n", -1)[0]).succeeds();
    merge("s", CHAIN.split("---\n", -1)[1].replace("name: s\n", "")).succeeds();
    for (String file : files(folder.resolve("t"))) { // also the manifest
      assertThat(folder.resolve("out-stages/t").resolve(file))
          .as(file)
          .hasSameBinaryContentAs(folder.resolve("t").resolve(file));
    }
    areSame("out-stages/s", "s");
    for (String file : files(folder.resolve("plain"))) { // also the manifest
      assertThat(folder.resolve("out").resolve(file))
          .as(file)
          .hasSameBinaryContentAs(folder.resolve("plain").resolve(file));
    }
    CommandLineRun.of("verify", folder.resolve("out-stages/s")).succeeds();
  }

  @Test
  void theRecipeInTheManifestOfAKeptStageMakesItAgain() throws IOException {
    merge("out", CHAIN, "--keep-stages").succeeds();
    String recipe = manifest("out-stages/s").get("recipe").textValue();

    merge("again", recipe).succeeds();

    for (String file : files(folder.resolve("again"))) {
      assertThat(folder.resolve("out-stages/s").resolve(file))
          .as(file)
          .hasSameBinaryContentAs(folder.resolve("again").resolve(file));
    }
  }

  @Test
  void theManifestNamesStagesAndTheirParameters() throws IOException {
    merge("out", CHAIN).succeeds();

    JsonNode stages = manifest("out").get("stages");

    assertThat(stages.findValuesAsText("method")).containsExactly("linear", "slerp");
    JsonNode slerp = stages.get(1);
    assertThat(slerp.get("name").textValue()).isEqualTo("s");
    assertThat(slerp.get("tensors")).hasSize(4);
    int parameters = slerp.get("tensors").get(0).get("parameters").intValue();
    assertThat(slerp.get("parameters").get(parameters).at("/merge/t").doubleValue()).isEqualTo(0.3);
    assertThat(slerp.get("tensors").get(0).get("dtype").textValue()).isEqualTo(DType.BF16.name());
  }

  @Test
  void keptStagesDoNotReplaceWhatIsThere() throws IOException {
    Files.createDirectories(folder.resolve("out-stages/t"));
    Files.writeString(folder.resolve("out-stages/t/notes.txt"), "mine");

    isRefused(merge("out", CHAIN, "--keep-stages"), 1, "out-stages/t");

    assertThat(folder.resolve("out-stages/t/notes.txt")).hasContent("mine");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void anOutputThatIsThereIsRefusedBeforeStagesAreWritten() throws IOException {
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/notes.txt"), "mine");

    isRefused(merge("out", CHAIN, "--keep-stages"), 1, "out is not empty");

    assertThat(folder.resolve("out-stages")).doesNotExist();
  }

  @Test
  void keptStagesAreNoModelsOfTheNextMerge() throws IOException {
    String recipe =
        "name: t\nmerge_method: linear\nmodels:\n- {model: '%s/o*', parameters: {weight: 1}}\n---\nmerge_method: passthrough\nmodels:\n- model: t\n"
            .formatted(folder);

    isRefused(
        merge("out", recipe, "--keep-stages"),
        2,
        "out-stages, where the output is to lie: the next merge would take it");
  }

  @Test
  void aResumedMergeTakesItsStagesAsTheyAre() throws IOException {
    merge("out", CHAIN, "--keep-stages", "--resume").succeeds();
    Object written = Files.getLastModifiedTime(folder.resolve("out-stages/t/model.safetensors"));

    CommandLineRun again = merge("out", CHAIN, "--keep-stages", "--resume").succeeds();

    assertThat(again.out()).contains("is this merge already");
    assertThat(Files.getLastModifiedTime(folder.resolve("out-stages/t/model.safetensors")))
        .isEqualTo(written);
  }
}
