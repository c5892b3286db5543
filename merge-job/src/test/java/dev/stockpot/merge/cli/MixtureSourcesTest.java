package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.hub.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where experts come from: folders, a hub, adapters on top, stages of models in FP8. */
class MixtureSourcesTest extends MixtureCases {
  /** The recipe to copy, which is made here. */
  static final String RECIPE = "mixture-of-experts.yml";

  private static final String DOWN = "model.layers.1.mlp.down_proj";
  private static final String GATE = "model.layers.0.mlp.gate_proj";

  @Test
  void theRecipeToCopyMakesAMixture() throws IOException {
    List<String> names = List.of("base", "chat", "code", "math");
    for (int i = 0; i < names.size(); i++) {
      llama("models/" + names.get(i), i, 8).write();
    }
    String ids =
        """
        prompt_ids:
          tell me a story: [1, 2, 3]
          how do you feel: [4, 5]
          write a function: [6, 7]
          fix this bug: [8]
          solve for x: [9, 10]
          prove that: [11]
        """;
    Tensors made = merged(Files.readString(Path.of("../conf", RECIPE)) + ids);
    for (int expert = 1; expert < 3; expert++) {
      assertThat(made.bytes(expert(0, expert - 1, "w1")))
          .isEqualTo(model("models/" + names.get(expert)).bytes(GATE + ".weight"));
    }
    double[] router = made.values("model.layers.1.block_sparse_moe.gate.weight");
    assertThat(router).hasSize(3 * 8);
    for (int expert = 0; expert < 3; expert++) {
      double squares = 0;
      for (double value : slice(router, 8 * expert, 8)) {
        squares += value * value;
      }
      assertThat(squares).isBetween(0.98, 1.02); // of length 1, rounded to bfloat16
    }
    CommandLineRun.of("verify", here.out()).succeeds();
  }

  @Test
  void expertsHaveTheirAdaptersBaked() throws IOException {
    AdapterCases.pair(here.model("lora"), DOWN, 4, 8, 12)
        .adapter("\"r\": 4, \"lora_alpha\": 8, \"base_model_name_or_path\": \"org/a\"");
    Tensors plain = merged(ZERO);
    double[] before = plain.values(expert(1, 0, "w2"));
    byte[] other = plain.bytes(expert(1, 1, "w2")).array();
    Tensors made = merged(ZERO.replace("source_model: a", "source_model: a+lora"));
    assertThat(made.values(expert(1, 0, "w2"))).isNotEqualTo(before);
    assertThat(made.bytes(expert(1, 1, "w2")).array()).isEqualTo(other);
    merged("merge_method: passthrough\nmodels: [{model: a+lora}]\n");
    double[] baked = new Tensors(here.out()).values(DOWN + ".weight");
    assertThat(
            merged(ZERO.replace("source_model: a", "source_model: a+lora"))
                .values(expert(1, 0, "w2")))
        .isEqualTo(baked);
  }

  @Test
  void expertsOfAHubHaveTheBytesOfFolders() throws IOException {
    byte[] local =
        Files.readAllBytes(merged(ZERO).checkpoint().shards().get(0).location().localPath());
    try (FakeHub hub = new FakeHub()) {
      for (String name : new String[] {"base", "a", "b"}) {
        for (String file : new String[] {"config.json", "model.safetensors"}) {
          hub.file("org/" + name, file, Files.readAllBytes(here.path(name).resolve(file)));
        }
      }
      System.setProperty("stockpot.hub-endpoint", hub.endpoint().toString());
      System.setProperty("stockpot.hub-cache", folder.resolve("cache").toString());
      ConfigFactory.invalidateCaches();
      String named =
          ZERO.replace("base_model: base", "base_model: org/base")
              .replace("source_model: a", "source_model: org/a")
              .replace("source_model: b", "source_model: org/b");
      Tensors made = merged(named);
      assertThat(Files.readAllBytes(made.checkpoint().shards().get(0).location().localPath()))
          .isEqualTo(local);
    } finally {
      System.clearProperty("stockpot.hub-endpoint");
      System.clearProperty("stockpot.hub-cache");
      ConfigFactory.invalidateCaches();
    }
  }

  /** The model `a`, the gate of its first layer in FP8: numbers that both types hold. */
  private void writeFloat8() throws IOException {
    byte[] ones = new byte[12 * 8];
    Arrays.fill(ones, (byte) 0x38); // 1
    ModelFolder model = here.model("coded");
    Tensors a = model("a");
    a.checkpoint()
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (!name.equals(GATE + ".weight")) {
                long[] shape = tensor.shape().dimensions().stream().mapToLong(it -> it).toArray();
                try {
                  model.tensor(name, DType.BF16, a.bytes(name).array(), shape);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }
            });
    model
        .tensor(GATE + ".weight", DType.F8_E4M3, ones, 12, 8)
        .filled(GATE + ".weight_scale_inv", 0.25f, 1, 1)
        .file(
            "config.json",
            CONFIG
                .formatted(8)
                .replace(
                    "{\"arch",
                    "{\"quantization_config\": {\"quant_method\": \"fp8\", \"weight_block_size\":"
                        + " [128, 128]}, \"arch"))
        .write();
  }

  @Test
  void anExpertInFp8IsRefusedByTheNameOfItsScaleWithTheStageThatReadsIt() throws IOException {
    writeFloat8();
    CommandLineRun run = here.plan(ZERO.replace("source_model: a", "source_model: coded"));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err())
        .contains("mlp.gate_proj.weight_scale_inv")
        .contains("of one in FP8 a stage makes one: `merge_method: linear`");
  }

  @Test
  void thatStageMakesAnExpertOfIt() throws IOException {
    writeFloat8();
    String stage =
        """
        name: read
        merge_method: linear
        models: [{model: coded, parameters: {weight: 1}}]
        dtype: bfloat16
        ---
        """;
    Tensors made = merged(stage + ZERO.replace("source_model: a", "source_model: read"));
    assertThat(made.values(expert(0, 0, "w1"))).hasSize(96).containsOnly(0.25);
    assertThat(made.bytes(expert(1, 0, "w2"))).isEqualTo(model("a").bytes(DOWN + ".weight"));
    assertThat(here.text("config.json")).doesNotContain("quantization_config");
  }
}
