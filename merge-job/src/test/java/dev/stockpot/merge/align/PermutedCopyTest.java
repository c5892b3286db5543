package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.methods.matching.UnitShape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.run.Merging;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model and a copy of it with units in other places, of every spec. */
class PermutedCopyTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "mistral",
        "qwen2",
        "qwen3",
        "gemma",
        "gemma2",
        "gemma3",
        "granite",
        "smollm3",
        "bert",
        "bert_mlm",
        "bert_tokens",
        "bert_pre",
        "roberta",
        "roberta_mlm",
        "vit",
        "deit",
        "gpt2",
        "t5",
        "mt5",
        "umt5",
        "whisper",
        "mlp",
        "vgg",
        "vgg_bn",
        "resnet_basic",
        "resnet_bottleneck",
        "timm_resnet18",
        "timm_resnet50",
        "timm_resnetv2_18",
        "timm_resnetv2_50",
        "mixtral",
        "qwen2_moe",
        "qwen3_moe"
      })
  void itsMergeWithTheModelIsTheModelInEveryBit(String kind) throws IOException {
    TinyModel model = TinyModel.of(kind, 1);
    permuted(model, /* movesResidual= */ false);
    assertThat(merged("residual: fixed")).isEqualTo(TinyModel.bytes(folder.resolve("model")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"llama", "qwen3", "gemma2", "bert_mlm", "roberta", "vit", "gpt2", "whisper"})
  void alsoWhereTheResidualStreamMoves(String kind) throws IOException {
    TinyModel model = TinyModel.of(kind, 1);
    permuted(model, /* movesResidual= */ true);
    assertThat(merged("residual: free")).isEqualTo(TinyModel.bytes(folder.resolve("model")));
  }

  private void permuted(TinyModel tiny, boolean movesResidual) throws IOException {
    Model model = tiny.write(folder.resolve("model"));
    ModelUnits units = SpecCatalog.of("model", model);
    Map<String, UnitShape> groups = new LinkedHashMap<>();
    units
        .groups()
        .forEach(
            (name, group) -> {
              if (movesResidual || !group.isResidual()) {
                groups.put(name, group.shape());
              }
            });
    UnitOrders drawn = new DrawnOrders(2).of(groups);
    assertThat(drawn.byGroup()).isNotEqualTo(UnitOrders.identity(groups).byGroup());
    tiny.with(DrawnOrders.ofTensors(units, drawn))
        .renamed(DrawnOrders.ofNames(units, drawn))
        .write(folder.resolve("permuted"));
    assertThat(TinyModel.bytes(folder.resolve("permuted")))
        .isNotEqualTo(TinyModel.bytes(folder.resolve("model")));
  }

  private Map<String, ByteBuffer> merged(String how) throws IOException {
    Path recipe =
        Files.writeString(
            folder.resolve("recipe.yml"),
            """
            merge_method: linear
            models:
              - model: %s
                parameters: {weight: 0.5}
              - model: %s
                align: {to: %s, %s}
                parameters: {weight: 0.5}
            """
                .formatted(
                    folder.resolve("model"),
                    folder.resolve("permuted"),
                    folder.resolve("model"),
                    how));
    Merging.here(recipe, folder.resolve("out"), Map.of("report", "false"));
    return TinyModel.bytes(folder.resolve("out"));
  }
}
