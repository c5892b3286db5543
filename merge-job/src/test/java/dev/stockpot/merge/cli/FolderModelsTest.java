package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models with weights in folders of their own: pipelines, and modules of sentence-transformers. */
class FolderModelsTest {
  private static final String INDEX =
      """
      {"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.30.0",
       "scheduler": ["diffusers", "PNDMScheduler"],
       "text_encoder": ["transformers", "CLIPTextModel"],
       "unet": ["diffusers", "UNet2DConditionModel"],
       "safety_checker": [null, null]}
      """;
  private static final String MODULES =
      """
      [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
       {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
       {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"}]
      """;
  private static final String MEAN =
      """
      merge_method: linear
      models:
        - {model: DIR/a, parameters: {weight: 0.5}}
        - {model: DIR/b, parameters: {weight: 0.5}}
      """;

  private static final SafetensorsLayout DIFFUSERS =
      new SafetensorsLayout("diffusion_pytorch_model", "");

  @TempDir private Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    pipeline("a", 0);
    pipeline("b", 1);
    sentences("s", 0);
    sentences("t", 1);
  }

  private void pipeline(String name, float value) throws IOException {
    Path root = folder.resolve(name);
    ModelFolder.at(root)
        .file("model_index.json", INDEX)
        .file("scheduler/scheduler_config.json", "{\"of\": \"%s\"}".formatted(name))
        .file("text_encoder/config.json", "{\"torch_dtype\": \"float32\"}\n")
        .file("unet/config.json", "{\"_class_name\": \"UNet2DConditionModel\"}");
    ModelFolder.at(root.resolve("text_encoder"))
        .filled("text_model.final_layer_norm.weight", value, 4)
        .write();
    ModelFolder unet = ModelFolder.at(root.resolve("unet"));
    unet.filled("conv_in.weight", value, 4).filled("conv_out.weight", value + 2, 4);
    if (name.equals("a")) {
      unet.write(DIFFUSERS.file(1, 1));
    } else {
      unet.write(DIFFUSERS, 2);
    }
  }

  private void sentences(String name, float value) throws IOException {
    Path root = folder.resolve(name);
    ModelFolder.at(root)
        .file("config.json", "{\"model_type\": \"bert\", \"num_hidden_layers\": 1}")
        .file("modules.json", MODULES)
        .file("1_Pooling/config.json", "{\"pooling_mode_mean_tokens\": true}")
        .file("2_Dense/config.json", "{\"in_features\": 4}")
        .filled("embeddings.word_embeddings.weight", value, 4, 2)
        .write();
    ModelFolder.at(root.resolve("2_Dense")).filled("linear.weight", value + 4, 2, 4).write();
  }

  private CommandLineRun merge(String recipe, String... settings) throws IOException {
    Path file = folder.resolve("recipe.yml");
    Files.writeString(file, recipe.replace("DIR", folder.toString()));
    Object[] words = new Object[5 + settings.length];
    System.arraycopy(
        new Object[] {"merge", file, folder.resolve("out"), "--set", "report=false"},
        0,
        words,
        0,
        5);
    System.arraycopy(settings, 0, words, 5, settings.length);
    return CommandLineRun.of(words);
  }

  private Tensors output(String part) throws IOException {
    return new Tensors(folder.resolve("out").resolve(part));
  }

  private String text(String file) throws IOException {
    return Files.readString(folder.resolve("out").resolve(file));
  }

  @Test
  void componentsOfAPipelineAreMergedEachInItsFolder() throws IOException {
    merge(MEAN).succeeds();
    assertThat(output("unet").values("conv_in.weight")).containsOnly(0.5);
    assertThat(output("unet").values("conv_out.weight")).containsOnly(2.5);
    assertThat(output("text_encoder").values("text_model.final_layer_norm.weight"))
        .containsOnly(0.5);
    assertThat(folder.resolve("out/unet/diffusion_pytorch_model.safetensors")).exists();
    assertThat(folder.resolve("out/model.safetensors")).doesNotExist();
    assertThat(text("model_index.json")).isEqualTo(INDEX);
    assertThat(text("scheduler/scheduler_config.json")).contains("\"a\"");
    assertThat(text("unet/config.json")).contains("UNet2DConditionModel");
    assertThat(text("README.md")).contains("library_name: diffusers");
    CommandLineRun.of("verify", folder.resolve("out")).succeeds();
  }

  @Test
  void filtersGiveEachComponentAMergeOfItsOwnAndFreezeCopiesOne() throws IOException {
    merge(
            """
            merge_method: linear
            models:
              - model: DIR/a
                parameters: {weight: [{filter: unet/conv_in, value: 0.25}, {value: 0.5}]}
              - model: DIR/b
                parameters: {weight: [{filter: unet/conv_in, value: 0.75}, {value: 0.5}]}
            freeze: [{match: '^text_encoder/', from: DIR/b}]
            """)
        .succeeds();
    assertThat(output("unet").values("conv_in.weight")).containsOnly(0.75);
    assertThat(output("unet").values("conv_out.weight")).containsOnly(2.5);
    assertThat(output("text_encoder").values("text_model.final_layer_norm.weight")).containsOnly(1);
  }

  @Test
  void componentsInShardsHaveAnIndexOfTheirOwn() throws IOException {
    merge(MEAN, "--set", "shard-size=16").succeeds();
    assertThat(folder.resolve("out/unet/diffusion_pytorch_model-00002-of-00002.safetensors"))
        .exists();
    assertThat(text("unet/diffusion_pytorch_model.safetensors.index.json"))
        .contains("\"conv_in.weight\"")
        .doesNotContain("unet");
    assertThat(folder.resolve("out/text_encoder/model.safetensors")).exists();
    assertThat(output("unet").values("conv_out.weight")).containsOnly(2.5);
    CommandLineRun.of("verify", folder.resolve("out")).succeeds();
  }

  @Test
  void aTypeThatIsAskedForIsNamedWhereAComponentNamesOne() throws IOException {
    merge(MEAN + "dtype: bfloat16\n").succeeds();
    assertThat(text("text_encoder/config.json")).isEqualTo("{\"torch_dtype\": \"bfloat16\"}\n");
    assertThat(text("unet/config.json")).doesNotContain("bfloat16");
  }

  @Test
  void mergedPipelinesAreMergedAgain() throws IOException {
    merge(MEAN).succeeds();
    Files.move(folder.resolve("out"), folder.resolve("m"));
    merge(MEAN.replace("DIR/a", "DIR/m")).succeeds();
    assertThat(output("unet").values("conv_in.weight")).containsOnly(0.75);
  }

  @Test
  void stagesOfPipelinesKeepTheirFolders() throws IOException {
    merge("name: half\n" + MEAN + "---\n" + MEAN.replace("DIR/a", "half"), "--keep-stages")
        .succeeds();
    assertThat(output("unet").values("conv_in.weight")).containsOnly(0.75);
    assertThat(folder.resolve("out/unet/diffusion_pytorch_model.safetensors")).exists();
  }

  @Test
  void componentsOfOtherClassesAreRefused() throws IOException {
    Files.writeString(
        folder.resolve("b/model_index.json"), INDEX.replace("UNet2DConditionModel", "OtherNet"));
    CommandLineRun run = merge(MEAN);
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err())
        .contains("are made of other parts")
        .contains("unet is UNet2DConditionModel and OtherNet");
  }

  @Test
  void componentsThatAreOnlyPicklesAreRefused() throws IOException {
    Files.move(
        folder.resolve("b/text_encoder/model.safetensors"),
        folder.resolve("b/text_encoder/pytorch_model.bin"));
    CommandLineRun run = merge(MEAN);
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err())
        .contains("the weights in 'text_encoder' are none that can be read")
        .contains("safe_serialization=True");
  }

  @Test
  void modulesOfSentenceTransformersAreMergedWithTheTransformer() throws IOException {
    merge(MEAN.replace("DIR/a", "DIR/s").replace("DIR/b", "DIR/t")).succeeds();
    assertThat(output("").values("embeddings.word_embeddings.weight")).containsOnly(0.5);
    assertThat(output("2_Dense").values("linear.weight")).containsOnly(4.5);
    assertThat(text("modules.json")).isEqualTo(MODULES);
    assertThat(text("1_Pooling/config.json")).contains("mean");
    assertThat(text("2_Dense/config.json")).isEqualTo("{\"in_features\": 4}");
    CommandLineRun.of("verify", folder.resolve("out")).succeeds();
  }

  @Test
  void otherListsOfModulesAreRefused() throws IOException {
    Files.writeString(
        folder.resolve("t/modules.json"), MODULES.replace("models.Pooling", "models.Normalize"));
    CommandLineRun run = merge(MEAN.replace("DIR/a", "DIR/s").replace("DIR/b", "DIR/t"));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("1_Pooling is Pooling and Normalize");
  }

  @Test
  void listsThatVersionsOfTheLibrarySpellOtherwiseFit() throws IOException {
    Files.writeString(
        folder.resolve("t/modules.json"),
        MODULES
            .replace("models.Pooling", "sentence_transformer.modules.pooling.Pooling")
            .replace("models.Dense", "base.modules.dense.Dense"));
    merge(MEAN.replace("DIR/a", "DIR/s").replace("DIR/b", "DIR/t")).succeeds();
    assertThat(output("2_Dense").values("linear.weight")).containsOnly(4.5);
  }

  @Test
  void aTransformerWithoutTheModuleIsNoPartner() throws IOException {
    Files.delete(folder.resolve("t/modules.json"));
    CommandLineRun run = merge(MEAN.replace("DIR/a", "DIR/s").replace("DIR/b", "DIR/t"));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("2_Dense/linear.weight");
  }
}
