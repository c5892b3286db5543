package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** All files of merges with stages: they are those of merges one after the other. */
class StageMergeTest extends StageCases {
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
}
