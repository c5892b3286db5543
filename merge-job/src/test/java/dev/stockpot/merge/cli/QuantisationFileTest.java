package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose quantiser speaks in a file of its own, as NVIDIA's Model Optimizer does. */
class QuantisationFileTest {
  private static final String NVFP4 =
      "{\"producer\": {\"name\": \"modelopt\"}, \"quantization\": {\"quant_algo\": \"NVFP4\"}}";

  @TempDir private Path folder;
  private Path recipe;

  @BeforeEach
  void writeModels() throws IOException {
    recipe = folder.resolve("recipe.yml");
    nvfp4("a").file("hf_quant_config.json", NVFP4).write();
    nvfp4("b").file("hf_quant_config.json", NVFP4).write();
  }

  private ModelFolder nvfp4(String name) throws IOException {
    return ModelFolder.at(folder.resolve(name))
        .file("config.json", "{\"num_hidden_layers\": 1}")
        .bfloats("model.layers.0.norm.weight", name.hashCode(), 4)
        .tensor("model.layers.0.up.weight", DType.U8, new byte[4 * 8], 4, 8)
        .tensor("model.layers.0.up.weight_scale", DType.F8_E4M3, new byte[4], 4, 1)
        .tensor("model.layers.0.up.weight_scale_2", DType.F32, new byte[4], 1);
  }

  private CommandLineRun merge(String ofB) throws IOException {
    Files.writeString(
        recipe,
        """
        merge_method: linear
        models:
          - model: A
            parameters: {weight: [{filter: up, value: RESTA}, {value: 0.5}]}
          - model: B
            parameters: {weight: [{filter: up, value: OFB}, {value: 0.5}]}
        """
            .replace("A\n", folder.resolve("a") + "\n")
            .replace("B\n", folder.resolve("b") + "\n")
            .replace("RESTA", ofB.equals("1") ? "0" : "1")
            .replace("OFB", ofB));
    return CommandLineRun.of("merge", recipe, folder.resolve("out"), "--set", "report=false");
  }

  @Test
  void mergesTheNumbersThatCodesStandFor() throws IOException {
    CommandLineRun run = merge("0.5").succeeds();
    assertThat(run.err()).contains("NVFP4 of ").contains("is read times its scales");
    Tensors out = new Tensors(folder.resolve("out"));
    assertThat(out.checkpoint().tensors().keySet())
        .containsExactly("model.layers.0.norm.weight", "model.layers.0.up.weight");
    assertThat(out.values("model.layers.0.up.weight")).hasSize(4 * 16).containsOnly(0);
    assertThat(folder.resolve("out").resolve("hf_quant_config.json")).doesNotExist();
  }

  @Test
  void aModelOfInt4AloneIsTheSameBytes() throws IOException {
    byte[] codes = new byte[4 * 4 * 4];
    new Random(1).nextBytes(codes);
    ModelFolder.at(folder.resolve("int4"))
        .file(
            "config.json",
            """
            {"num_hidden_layers": 1, "torch_dtype": "bfloat16",
             "quantization_config": {"quant_method": "compressed-tensors",
              "format": "pack-quantized",
              "config_groups": {"group_0": {"weights": {"num_bits": 4, "group_size": 16,
               "symmetric": true, "strategy": "group"}}}}}
            """)
        .bfloats("model.norm.weight", 1, 8)
        .tensor("model.layers.0.up.weight_packed", DType.I32, codes, 4, 4)
        .bfloats("model.layers.0.up.weight_scale", 1, 4, 2)
        .tensor("model.layers.0.up.weight_shape", DType.I64, new byte[16], 2)
        .write();
    Files.writeString(
        recipe,
        "merge_method: linear\nmodels: [{model: %s, parameters: {weight: 1}}]\n"
            .formatted(folder.resolve("int4")));
    CommandLineRun.of("merge", recipe, folder.resolve("out"), "--set", "report=false").succeeds();
    for (String file : new String[] {"model.safetensors", "config.json"}) {
      assertThat(folder.resolve("out").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("int4").resolve(file));
    }
  }

  @Test
  void refusesToAverageCodesThatDoNotFitTheirScales() throws IOException {
    ModelFolder.at(folder.resolve("b"))
        .file("config.json", "{\"num_hidden_layers\": 1}")
        .bfloats("model.layers.0.norm.weight", 1, 4)
        .tensor("model.layers.0.up.weight", DType.U8, new byte[4 * 8], 4, 8)
        .tensor("model.layers.0.up.weight_scale", DType.F8_E4M3, new byte[12], 4, 3)
        .tensor("model.layers.0.up.weight_scale_2", DType.F32, new byte[4], 1)
        .write();
    CommandLineRun run = merge("0.5");
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("is quantised (NVFP4)").contains("Model Optimizer");
  }

  @Test
  void carriesTheFileWithCodesThatAreCopied() throws IOException {
    assertThat(merge("1").err()).startsWith("Note: 1 module of codes copied with all");
    assertThat(Files.readString(folder.resolve("out").resolve("hf_quant_config.json")))
        .isEqualTo(NVFP4);
  }

  @Test
  void refusesCodesThatTheOutputsFilesDoNotDescribe() throws IOException {
    Files.delete(folder.resolve("a").resolve("hf_quant_config.json"));
    CommandLineRun run = merge("1");
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("is quantised there").contains("says otherwise");
    assertThat(Files.exists(folder.resolve("out"))).isFalse();
  }

  @Test
  void refusesCodesOfAnotherAlgorithm() throws IOException {
    Files.writeString(
        folder.resolve("b").resolve("hf_quant_config.json"), NVFP4.replace("NVFP4", "W4A16_AWQ"));
    assertThat(merge("1").err()).contains("says otherwise");
  }

  @Test
  void saysThatTheFileIsBroken() throws IOException {
    Path file = folder.resolve("b").resolve("hf_quant_config.json");
    for (String text : new String[] {"{\"quantization\":", "[1]"}) {
      Files.writeString(file, text);
      CommandLineRun run = merge("1");
      assertThat(run.exitCode()).isNotZero();
      assertThat(run.err())
          .contains(file + " says how weights are to be read, and is no valid JSON")
          .doesNotContain("Exception");
    }
  }
}
