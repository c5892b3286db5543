package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compositions to copy in {@code conf/}: each is made, of small models of their names. */
class ComposedConfTest {
  private static final Path CONF = Path.of("../conf");
  private static final int WIDTH = 64;
  private static final int INNER = 128;

  /** Which of the recipes there are compositions; others are merged as they stand. */
  static final Set<String> COMPOSED =
      Set.of("stitched-extractors.yml", "encoder-projection-decoder.yml", "experts-of-layers.yml");

  @TempDir private Path folder;

  private Tensors made(String recipe) throws IOException {
    Path out = folder.resolve("made");
    CommandLineRun.of("merge", CONF.resolve(recipe), out, "--set", "model-root=" + folder)
        .succeeds();
    CommandLineRun.of("verify", out).succeeds();
    return new Tensors(out);
  }

  private JsonNode config() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("made/config.json").toFile());
  }

  private ModelFolder model(String name, String config) throws IOException {
    return ModelFolder.at(folder.resolve("models/" + name)).file("config.json", config);
  }

  @Test
  void twoExtractorsGetOneHead() throws IOException {
    model("resnet50", "{}")
        .filled("conv1.weight", 1, 4, 3, 7, 7)
        .filled("fc.weight", 9, 1_000, 8)
        .write();
    model("mobilenet_v2", "{}")
        .filled("features.0.0.weight", 2, 4, 3, 3, 3)
        .filled("classifier.1.weight", 9, 1_000, 8)
        .write();
    Tensors made = made("stitched-extractors.yml");
    assertThat(made.checkpoint().tensors().keySet())
        .containsExactly(
            "extractor_a.conv1.weight", "extractor_b.features.0.0.weight", "fc.bias", "fc.weight");
    assertThat(made.checkpoint().tensors().get("fc.weight").shape()).isEqualTo(Shape.of(10, 3_328));
    assertThat(made.values("extractor_b.features.0.0.weight")).containsOnly(2);
    assertThat(made.values("fc.bias")).containsOnly(0);
    double bound = Math.sqrt(6.0 / (10 + 3_328));
    assertThat(DoubleStream.of(made.values("fc.weight")).map(Math::abs).max().getAsDouble())
        .isLessThanOrEqualTo((float) bound);
    assertThat(config().get("num_labels").asInt()).isEqualTo(10);
  }

  @Test
  void anEncoderAndADecoderGetAProjection() throws IOException {
    model("encoder", "{}")
        .filled("vit.embeddings.cls_token", 1, 1, 1, 768)
        .filled("vit.pooler.dense.weight", 9, 4, 4)
        .filled("classifier.weight", 9, 2, 768)
        .write();
    model("decoder", "{\"hidden_size\": 2048}")
        .filled("model.embed_tokens.weight", 2, 4, 2_048)
        .write();
    Tensors made = made("encoder-projection-decoder.yml");
    assertThat(made.checkpoint().tensors().keySet())
        .containsExactly(
            "language_model.model.embed_tokens.weight",
            "multi_modal_projector.linear_1.bias",
            "multi_modal_projector.linear_1.weight",
            "vision_tower.embeddings.cls_token");
    assertThat(made.checkpoint().tensors().values())
        .allMatch(tensor -> tensor.dtype() == DType.BF16);
    assertThat(config().get("hidden_size").asInt()).isEqualTo(2_048);
    assertThat(config().get("vision_hidden_size").asInt()).isEqualTo(768);
  }

  @Test
  void layersOfSeveralModelsAreExperts() throws IOException {
    float number = 0;
    for (String name : new String[] {"base", "code", "math"}) {
      ModelFolder model = model(name, "{\"num_hidden_layers\": 4, \"hidden_size\": 64}");
      model.filled("model.embed_tokens.weight", number, 8, WIDTH);
      for (int layer = 0; layer < 4; layer++) {
        String prefix = "model.layers.%s.".formatted(layer);
        model.filled(prefix + "self_attn.q_proj.weight", number, WIDTH, WIDTH);
        model.filled(prefix + "mlp.gate_proj.weight", number + layer, INNER, WIDTH);
        model.filled(prefix + "mlp.up_proj.weight", number + layer, INNER, WIDTH);
        model.filled(prefix + "mlp.down_proj.weight", number + layer, WIDTH, INNER);
      }
      model.write();
      number += 10;
    }
    Tensors made = made("experts-of-layers.yml");
    assertThat(made.checkpoint().tensors()).hasSize(1 + 4 * (1 + 1 + 4 * 3));
    String expert = "model.layers.2.mlp.experts.%s.up_proj.weight";
    assertThat(made.values(expert.formatted(0))).containsOnly(2);
    assertThat(made.values(expert.formatted(1))).containsOnly(12);
    assertThat(made.values(expert.formatted(2))).containsOnly(22);
    assertThat(made.values(expert.formatted(3))).containsOnly(1);
    assertThat(made.values("model.layers.0.mlp.experts.3.down_proj.weight")).containsOnly(3);
    double[] gate = made.values("model.layers.3.mlp.gate.weight");
    assertThat(gate).hasSize(4 * WIDTH);
    assertThat(gate).isNotEqualTo(made.values("model.layers.2.mlp.gate.weight"));
    assertThat(config().get("num_experts").asInt()).isEqualTo(4);
  }
}
