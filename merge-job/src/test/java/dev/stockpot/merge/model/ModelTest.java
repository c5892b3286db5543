package dev.stockpot.merge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.checkpoint.Surroundings;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model under other names, with other tensors, and what lies beside it. */
class ModelTest {
  private static Map<String, StoredObject> files(String... names) {
    Map<String, StoredObject> files = new LinkedHashMap<>();
    for (String name : names) {
      files.put(name, new StoredObject(new Location("/m").descendant(name), 1, "v1"));
    }
    return files;
  }

  private static Model with(Map<String, TensorSource> tensors, String... companions) {
    return new Model(
        new Location("/m"),
        tensors,
        ModelConfig.of(JsonObject.EMPTY),
        "{}",
        List.of(),
        files(companions),
        new Surroundings("model", Set.of(), "", Map.of(), List.of()));
  }

  private static Model layers(int... numbers) {
    ModelHeaders headers = ModelHeaders.named("/m");
    for (int number : numbers) {
      headers.tensor("layers.%s.w".formatted(number), DType.F32, number);
    }
    return headers.open();
  }

  @Test
  void tensorsAreInNaturalOrderUnderAnyNames() {
    Model model = layers(10, 2, 1);
    assertThat(model.tensors().keySet()).containsExactly("layers.1.w", "layers.2.w", "layers.10.w");
    Model renamed = model.renamed(name -> name.equals("layers.2.w") ? "layers.11.w" : name);
    assertThat(renamed.tensors().keySet())
        .containsExactly("layers.1.w", "layers.10.w", "layers.11.w");
    assertThat(renamed.tensors().get("layers.11.w")).isEqualTo(model.tensors().get("layers.2.w"));
    assertThat(renamed.shards()).isEqualTo(model.shards());
  }

  @Test
  void twoTensorsDoNotGetOneName() {
    assertThatThrownBy(() -> layers(1, 2, 3).renamed(name -> name.replaceAll("[13]", "0")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("layers.1.w and layers.3.w of /m would both be layers.0.w");
  }

  @Test
  void otherTensorsDoNotTakeFilesAway() {
    Model model = with(Map.of("w", Sources.floats("w", 2)), "tokenizer.json");
    Map<String, TensorSource> others = new LinkedHashMap<>(Map.of("v", Sources.floats("v", 3)));
    Model changed = model.with(others);
    others.clear();
    assertThat(changed.tensors()).containsOnlyKeys("v");
    assertThat(changed.companions()).isEqualTo(model.companions());
    assertThat(changed.configText()).isEqualTo("{}");
    assertThatThrownBy(() -> changed.tensors().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> changed.companions().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokenizer.json",
        "tokenizer_config.json",
        "tokenizer.model.v3",
        "tekken.json",
        "vocab.json",
        "vocab.txt",
        "merges.txt",
        "special_tokens_map.json",
        "added_tokens.json",
        "chat_template.jinja",
        "additional_chat_templates/tools.jinja",
        "spiece.model",
        "qwen.tiktoken"
      })
  void filesThatTurnTextIntoNumbersAreTheTokenizer(String name) {
    assertThat(with(Map.of(), "README.md", name).tokenizer()).isEqualTo(files(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generation_config.json",
        "preprocessor_config.json",
        "my_tokenizer.json",
        "tekken_json",
        "model.onnx",
        "vocabulary.txt"
      })
  void otherFilesAreNone(String name) {
    assertThat(with(Map.of(), name).tokenizer()).isEmpty();
  }

  @Test
  void whatQuantisersWroteGoesAwayAndNothingElse() {
    Model model =
        with(
            Map.of("w", Sources.floats("w", 2)),
            "hf_quant_config.json",
            "quantize_config.json",
            "tokenizer.json",
            "quant_config.json",
            "quant_config.yaml");
    assertThat(model.withoutQuantisers().companions())
        .isEqualTo(files("tokenizer.json", "quant_config.yaml"));
    assertThat(model.withoutQuantisers().tensors()).isEqualTo(model.tensors());
  }
}
