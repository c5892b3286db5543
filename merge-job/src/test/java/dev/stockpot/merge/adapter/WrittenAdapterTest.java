package dev.stockpot.merge.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What adapter_config.json says, so that PEFT gives each module what it has. */
class WrittenAdapterTest {
  private static final String CAUSAL =
      "{\"architectures\": [\"LlamaForCausalLM\"], \"model_type\": \"llama\", \"num_hidden_layers\": 12}";

  private static ModelHeaders headers() {
    ModelHeaders headers = ModelHeaders.named("base").config(CAUSAL);
    for (int layer = 0; layer < 12; layer++) {
      headers
          .tensor("model.layers.%s.q_proj.weight".formatted(layer), 8, 8)
          .tensor("model.layers.%s.up_proj.weight".formatted(layer), 8, 8)
          .tensor("model.layers.%s.in_norm.weight".formatted(layer), 8);
    }
    return headers.tensor("model.norm.weight", 8).tensor("lm_head.weight", 9, 8);
  }

  private static AdapterTargets targets() {
    return AdapterTargets.of(headers().open());
  }

  private static WrittenAdapter adapter(Map<String, Integer> ranks, Set<String> saved) {
    return new WrittenAdapter("base", targets(), ranks, saved, false, false);
  }

  private static JsonObject config(WrittenAdapter adapter) {
    try {
      return Json.parsePythons(adapter.config()).object().orElseThrow();
    } catch (JsonException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> texts(JsonObject config, String key) {
    return config.list(key).stream().flatMap(value -> value.text().stream()).toList();
  }

  private static String q(int layer) {
    return "model.layers.%s.q_proj".formatted(layer);
  }

  private static Map<String, Integer> allOf(String last, int rank) {
    Map<String, Integer> ranks = new TreeMap<>();
    for (int layer = 0; layer < 12; layer++) {
      ranks.put("model.layers.%s.%s".formatted(layer, last), rank);
    }
    return ranks;
  }

  @Test
  void namesModulesByTheirLastPartsWhereAllOfThemAreThere() {
    JsonObject config = config(adapter(allOf("q_proj", 4), Set.of()));
    assertThat(texts(config, "target_modules")).containsExactly("q_proj");
    assertThat(config.get("modules_to_save")).contains(JsonValue.nothing());
    assertThat(config.whole("r", 0)).isEqualTo(4);
    assertThat(config.whole("lora_alpha", 0)).isEqualTo(4);
    assertThat(config.object("rank_pattern")).contains(JsonObject.EMPTY);
    assertThat(config.text("task_type")).isEqualTo("CAUSAL_LM");
    assertThat(config.text("base_model_name_or_path")).isEqualTo("base");
  }

  @Test
  void namesModulesInFullWhereSomeOfThatNameAreNotThere() {
    JsonObject config = config(adapter(Map.of(q(1), 4, q(11), 4), Set.of()));
    assertThat(texts(config, "target_modules")).containsExactly(q(1), q(11));
  }

  @Test
  void aNormIsNotShortenedWhereOthersEndAlike() { // PEFT takes the ends of texts
    JsonObject config = config(adapter(allOf("q_proj", 4), Set.of("model.norm", "lm_head")));
    assertThat(texts(config, "modules_to_save")).containsExactly("lm_head", "model.norm");
  }

  @Test
  void ranksThatDifferStandInPatternsThatMeanOneModuleEach() {
    Map<String, Integer> ranks = allOf("q_proj", 8);
    ranks.put(q(1), 3);
    ranks.put(q(11), 5);
    JsonObject config = config(adapter(ranks, Set.of()));
    assertThat(config.whole("r", 0)).isEqualTo(8);
    JsonObject patterns = config.object("rank_pattern").orElseThrow();
    assertThat(patterns.fields().keySet()).containsExactly(q(11), q(1));
    assertThat(config.object("alpha_pattern")).contains(patterns);
    assertThat(ranksAsRead(config, ranks.keySet())).isEqualTo(ranks);
  }

  @Test
  void aModuleThatAnotherOnesPatternWouldCatchHasItsOwn() {
    Map<String, Integer> ranks = new TreeMap<>(Map.of("tower." + q(1), 8, q(1), 3));
    JsonObject config = config(adapter(ranks, Set.of()));
    assertThat(config.object("rank_pattern").orElseThrow().fields().keySet())
        .containsExactly("tower." + q(1), q(1));
    assertThat(ranksAsRead(config, ranks.keySet())).isEqualTo(ranks);
  }

  /** What our own reader, which follows PEFT, makes of it. */
  private static Map<String, Integer> ranksAsRead(JsonObject config, Set<String> modules) {
    Scales scales = new AdapterFields(config, new ArrayList<>()).scales();
    Map<String, Integer> read = new TreeMap<>();
    modules.forEach(module -> read.put(module, (int) scales.rankOf(module)));
    modules.forEach(
        module -> assertThat(scales.scaleOf(module, scales.rankOf(module))).isEqualTo(1));
    return read;
  }

  @Test
  void isReadAgainByOurOwnReaderWithoutAWord() {
    List<String> problems = new ArrayList<>();
    AdapterConfig read =
        AdapterConfig.parse(adapter(allOf("up_proj", 2), Set.of("lm_head")).config(), problems)
            .orElseThrow();
    assertThat(problems).isEmpty();
    assertThat(read.notices()).isEmpty();
    assertThat(read.base()).isEqualTo("base");
    assertThat(read.copies("lm_head.weight")).isTrue();
  }

  @Test
  void aModelOfAHubIsNamedWithItsRevision() {
    WrittenAdapter adapter =
        new WrittenAdapter(
            "org/name@v1.2", targets(), Map.of(q(0), 4), Set.of(), true, /* isTurned= */ true);
    JsonObject config = config(adapter);
    assertThat(config.text("base_model_name_or_path")).isEqualTo("org/name");
    assertThat(config.text("revision")).isEqualTo("v1.2");
    assertThat(config.text("bias")).isEqualTo("lora_only");
    assertThat(config.get("fan_in_fan_out")).contains(JsonValue.of(true));
  }

  @Test
  void namesTensorsAsPeftDoes() {
    assertThat(WrittenAdapter.a("model.q", false))
        .isEqualTo("base_model.model.model.q.lora_A.weight");
    assertThat(WrittenAdapter.b("wte", true)).isEqualTo("base_model.model.wte.lora_embedding_B");
    assertThat(WrittenAdapter.bias("q")).isEqualTo("base_model.model.q.base_layer.bias");
    assertThat(WrittenAdapter.whole("norm", "weight")).isEqualTo("base_model.model.norm.weight");
    assertThat(WrittenAdapter.LAYOUT.file(1, 1)).isEqualTo("adapter_model.safetensors");
  }

  @Test
  void anAdapterWithoutAPairIsNone() {
    assertThatThrownBy(() -> adapter(Map.of(), Set.of("norm")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an adapter of base without a pair");
  }
}
