package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Stages that are written beside the result, and what manifests say of stages. */
class KeptStagesTest extends StageCases {
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
