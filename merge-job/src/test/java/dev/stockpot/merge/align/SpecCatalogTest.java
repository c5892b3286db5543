package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.matching.FreeUnits;
import dev.stockpot.kernels.methods.matching.Heads;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which units of models may change places, as specs that ship say. */
class SpecCatalogTest {
  @TempDir private Path folder;

  private Model model(String kind) throws IOException {
    return TinyModel.of(kind, 1).write(folder.resolve(kind));
  }

  /** Models as libraries write them, the spec that they are of, and their groups. */
  @ParameterizedTest
  @CsvSource({
    "llama,llama,5",
    "mistral,llama,5",
    "qwen2,llama,5",
    "qwen3,llama,5",
    "gemma,llama,5",
    "gemma2,llama,5",
    "gemma3,llama,5",
    "granite,llama,5",
    "smollm3,llama,5",
    "mixtral,mixtral,13",
    "qwen2_moe,mixtral,15",
    "qwen3_moe,mixtral,13",
    "bert,bert,6",
    "bert_mlm,bert,5",
    "bert_tokens,bert,5",
    "bert_pre,bert,6",
    "roberta,bert,6",
    "roberta_mlm,bert,5",
    "vit,vit,5",
    "deit,vit,5",
    "gpt2,gpt2,5",
    "t5,t5,11",
    "mt5,t5,11",
    "umt5,t5,11",
    "whisper,whisper,13",
    "mlp,mlp,2",
    "vgg,vgg,4",
    "vgg_bn,vgg,4",
    "resnet_basic,resnet-hf,7",
    "resnet_bottleneck,resnet-hf-bottleneck,11",
    "timm_resnet18,resnet,10",
    "timm_resnet50,resnet-bottleneck,15",
    "timm_resnetv2_18,resnet-preact,9",
    "timm_resnetv2_50,resnet-preact-bottleneck,15"
  })
  void knowsAllTensorsOfAModel(String kind, String spec, int groups) throws IOException {
    Model model = model(kind);
    ModelUnits units = SpecCatalog.of(kind, model);
    assertThat(units.spec()).isEqualTo(spec);
    assertThat(units.tensors().keySet()).isEqualTo(model.tensors().keySet());
    assertThat(units.groups()).hasSize(groups);
  }

  @ParameterizedTest
  @CsvSource({"llama", "mixtral", "gpt2", "t5", "vgg_bn", "timm_resnet18", "bert_mlm"})
  void whatIsPrintedIsASpecOfTheModel(String kind) throws IOException {
    Model model = model(kind);
    String text = SpecText.of(kind, model, Optional.empty());
    ModelUnits again =
        SpecCatalog.of(kind, model, SpecReader.read("printed.yml", text), "printed.yml");
    ModelUnits first = SpecCatalog.of(kind, model);
    assertThat(again.groups()).isEqualTo(first.groups());
    first
        .tensors()
        .forEach(
            (name, tensor) -> {
              assertThat(again.tensors().get(name).axes()).as(name).isEqualTo(tensor.axes());
              assertThat(again.tensors().get(name).isCompared()).isEqualTo(tensor.isCompared());
              assertThat(again.tensors().get(name).expert()).isEqualTo(tensor.expert());
            });
  }

  @Test
  void headsAreThoseOfTheConfiguration() throws IOException {
    assertThat(SpecCatalog.of("llama", model("llama")).groups().get("attention.0").shape())
        .isEqualTo(new Heads(2, 2, 4, 4, false, true));
    assertThat(SpecCatalog.of("gpt2", model("gpt2")).groups().get("attention.1").shape())
        .isEqualTo(new Heads(4, 1, 4, 4, true, true));
    assertThat(SpecCatalog.of("t5", model("t5")).groups().get("encoder.0").shape())
        .isEqualTo(new Heads(4, 1, 4, 4, true, false));
  }

  @Test
  void channelsThatWereFlattenedHaveSeveralPlaces() throws IOException {
    ModelUnits units = SpecCatalog.of("vgg", model("vgg"));
    assertThat(units.tensors().get("classifier.0.weight").axes())
        .containsExactly(
            List.of(new UnitsAlong("dense.0", 0, 16, 1)),
            List.of(new UnitsAlong("channel.3", 0, 12, 4)));
    assertThat(units.groups().get("channel.3").shape()).isEqualTo(new FreeUnits(12));
  }

  @Test
  void blocksWithoutAShortcutShareOneStream() throws IOException {
    ModelUnits units = SpecCatalog.of("timm_resnet18", model("timm_resnet18"));
    assertThat(units.tensors().get("layer2.1.conv2.weight").axes().get(0).get(0).group())
        .isEqualTo("out.2.0");
    assertThat(units.tensors().get("layer3.0.conv1.weight").axes().get(1).get(0).group())
        .isEqualTo("out.2.0");
    assertThat(units.groups()).doesNotContainKey("out.2.1");
  }

  @Test
  void aTensorThatNobodyKnowsIsAnError() throws IOException {
    Model model = model("llama");
    Map<String, TensorSource> more = new LinkedHashMap<>(model.tensors());
    more.put("model.layers.0.extra.weight", more.get("model.norm.weight"));
    assertThatThrownBy(() -> SpecCatalog.of("it", model.with(more)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("spec llama: says nothing of model.layers.0.extra.weight [16]")
        .hasMessageContaining("name it as `spec` under `align`");
  }

  @Test
  void sizesThatDoNotFitAreAnError() throws IOException {
    Model model = model("llama");
    Map<String, TensorSource> other = new LinkedHashMap<>(model.tensors());
    other.put(
        "model.layers.0.mlp.up_proj.weight",
        other.get("model.layers.0.mlp.up_proj.weight").section(0, 0, 20));
    assertThatThrownBy(() -> SpecCatalog.of("it", model.with(other)))
        .hasMessageContaining("has 20 units of mlp.0")
        .hasMessageContaining("has 24");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model_type\": \"unheard_of\"} | no spec is for model_type unheard_of",
        "{\"model_type\": \"llama\"} | nothing tells how many heads there are",
        "{\"model_type\": \"llama\", \"num_attention_heads\": 3} | no multiple of 3 heads",
        "{\"model_type\": \"llama\", \"num_attention_heads\": 4, \"num_key_value_heads\": 3} | 4"
            + " heads of queries cannot share 3",
        "{} | its names fit no spec"
      })
  void aConfigurationThatDoesNotTellIsAnError(String config, String told) throws IOException {
    TinyModel tiny = TinyModel.of("llama", 1);
    Model model =
        new TinyModel(config, tiny.tensors(), tiny.numbers()).write(folder.resolve("other"));
    assertThatThrownBy(() -> SpecCatalog.of("it", model))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("it: nothing tells which units may change places")
        .hasMessageContaining(told);
  }

  @Test
  void aSpecOfOnesOwnThatDoesNotFitIsTold() throws IOException {
    PermutationSpec spec =
        SpecReader.read("own.yml", "groups: {a: {}}\ntensors: {'0.weight': 'a, fixed'}\n");
    Model model = model("mlp");
    assertThatThrownBy(() -> SpecCatalog.of("it", model, spec, "own.yml"))
        .isInstanceOf(UserException.class)
        .hasMessage("own.yml does not fit it: says nothing of 0.bias [16]");
  }
}
