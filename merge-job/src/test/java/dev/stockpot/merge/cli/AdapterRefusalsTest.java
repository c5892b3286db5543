package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Adapters that do not fit their base, or are none. */
class AdapterRefusalsTest extends AdapterCases {
  // what is refused

  private String refusal(String model) throws IOException {
    CommandLineRun run = run(passthrough(model));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(folder.resolve("out")).doesNotExist();
    return run.err();
  }

  @Test
  void anAdapterAloneIsToldWhatToWrite() throws IOException {
    plainAdapter("lora");
    assertThat(refusal("lora"))
        .contains(
            "it is no model, but changes one, org/base; write that before it, joined by a"
                + " plus: org/base+")
        .contains("/lora");
  }

  @Test
  void aModelIsNoAdapter() throws IOException {
    model("other", 1);
    assertThat(refusal("base+other"))
        .contains("other cannot be used:\n- it is a model, not an adapter");
  }

  @Test
  void aFolderThatIsNotThereIsSaid() throws IOException {
    assertThat(refusal("base+nowhere")).contains("there is no such folder");
  }

  @Test
  void anAdapterInAFolderOfItsNameIsPointedTo() throws IOException {
    Files.createDirectories(folder.resolve("run"));
    plainAdapter("run/math");
    assertThat(refusal("base+run")).contains("but its folder math has; name that one");
  }

  @Test
  void picklesAreNeverOpened() throws IOException {
    adapterAt("lora")
        .file("adapter_config.json", "{\"peft_type\": \"LORA\"}")
        .file("adapter_model.bin", "pickle");
    assertThat(refusal("base+lora"))
        .contains("its weights are a pickle, adapter_model.bin. Pickles are never opened here");
  }

  @Test
  void everyTensorOfAnAdapterMustBeUsed() throws IOException {
    pair(adapterAt("lora"), Q, 4, D, D)
        .floats("base_model.model." + Q + ".lora_E", 1, 2, 3, 4)
        .floats("base_model.model.model.layers.7.mlp.gate.bias", 1)
        .adapter("\"r\": 4");
    assertThat(refusal("base+lora"))
        .contains("it holds what no LoRA has: base_model.model." + Q + ".lora_E [4]")
        .contains(
            "the base has no tensor for 1 of what the adapter changes:"
                + " model.layers.7.mlp.gate.bias");
  }

  @Test
  void aRankThatTheConfigurationDoesNotHaveIsRefused() throws IOException {
    pair(adapterAt("lora"), Q, 4, D, D).adapter("\"r\": 8");
    assertThat(refusal("base+lora"))
        .contains("are no pair of rank 8, as adapter_config.json has it");
  }

  @Test
  void anAdapterOfAnotherSizeIsRefused() throws IOException {
    pair(adapterAt("lora"), Q, 4, D + 1, D).adapter("\"r\": 4");
    assertThat(refusal("base+lora"))
        .contains("lora_B.weight [25, 4] do not fit " + Q + ".weight [24, 24] of the base");
  }

  @Test
  void halfAPairIsRefused() throws IOException {
    adapterAt("lora")
        .matrix("base_model.model." + Q + ".lora_A.weight", new float[4 * D], 4, D)
        .adapter("\"r\": 4");
    assertThat(refusal("base+lora")).contains("without the other one of the pair");
  }

  @Test
  void aVocabularyThatWasSavedInPartIsRefused() throws IOException {
    adapterAt("lora")
        .matrix("base_model.model.lm_head.weight", new float[23 * D], 23, D)
        .adapter("\"r\": 4, \"modules_to_save\": [\"lm_head\"]");
    assertThat(refusal("base+lora"))
        .contains("with it, model.embed_tokens.weight has 20 rows and lm_head.weight has 23 rows");
  }

  @Test
  void anAdapterThatTookAPartOfItsBaseStandsFirst() throws IOException {
    plainAdapter("lora");
    pair(adapterAt("pissa"), Q, 4, D, D).adapter("\"r\": 4, \"init_lora_weights\": \"pissa\"");
    assertThat(refusal("base+lora+pissa"))
        .contains("Name this adapter first, right after its base");
    run(passthrough("base+pissa+lora")).succeeds();
  }

  @Test
  void rowsBeyondTheVocabularyAreRefused() throws IOException {
    adapterAt("lora")
        .matrix(
            "base_model.model." + EMBEDDING + ".token_adapter.trainable_tokens_delta",
            new float[D],
            1,
            D)
        .adapter("\"r\": 4, \"trainable_token_indices\": [20]");
    assertThat(refusal("base+lora")).contains("does not fit the `trainable_token_indices`");
  }

  @Test
  void anOutputInAnAdapterIsRefused() throws IOException {
    plainAdapter("lora");
    Path file = Files.writeString(folder.resolve("recipe.yml"), passthrough("base+lora"));
    CommandLineRun run =
        CommandLineRun.of(
            "merge", file, folder.resolve("lora/out"), "--set", "model-root=" + folder);
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("lora of the model base+lora");
  }
}
