package dev.stockpot.merge.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.storage.Location;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a merge reads of {@code config.json}, whoever wrote it. */
class ModelConfigTest {
  private static ModelConfig config(String json) {
    return ModelConfig.of(new Checkpoint(new Location("models/a"), List.of(), Map.of(), json));
  }

  private static String value(String spelled) {
    return config("{\"x\": %s}".formatted(spelled)).values().get("x");
  }

  @ParameterizedTest
  @CsvSource({
    "10000, 10000",
    "10000.0, 10000",
    "1e4, 10000",
    "1E+4, 10000",
    "0.00001, 0.00001",
    "1e-5, 0.00001",
    "0, 0",
    "-0.0, 0",
    "0e9, 0",
    "-2.50, -2.5",
    "1e300, 1E+300",
    "true, true",
    "NaN, NaN",
    "-Infinity, -Infinity",
  })
  void equalNumbersHaveOneSpelling(String written, String read) {
    assertThat(value(written)).isEqualTo(read);
  }

  @Test
  void aTextIsNoNumber() {
    assertThat(value("\"1e4\"")).isEqualTo("1e4");
    assertThat(value("\"10000.0\"")).isEqualTo("10000.0");
  }

  @Test
  void aNumberBeyondAllOthersIsWhatPythonMakesOfIt() {
    assertThat(value("1e99999999")).isEqualTo("Infinity");
    assertThat(value("1e-99999999")).isEqualTo("0");
  }

  @Test
  void pathsAreJoinedByDotsAndListsAreOneValue() {
    Map<String, String> values =
        config(
                "{\"a\": {\"b\": {\"c\": 1}}, \"list\": [1, 2.0, \"x\"], \"gone\": null, \"empty\": {}}")
            .values();
    assertThat(values).containsOnlyKeys("a.b.c", "list");
    assertThat(values.get("list").replace(" ", "")).isEqualTo("[1,2.0,\"x\"]");
  }

  @Test
  void whatFilesBesideSaySharesTheValuesAndNotTheTree() {
    ModelConfig config = config("{\"a\": 1}");
    ModelConfig both =
        config
            .beside("hf_quant_config", JsonObject.EMPTY.with("quant", "fp8"))
            .beside("z", JsonObject.EMPTY);
    assertThat(both.values()).containsOnlyKeys("a", "hf_quant_config.quant");
    assertThat(both.tree()).isEqualTo(config.tree());
    assertThat(config.values()).containsOnlyKeys("a");
  }

  @Test
  void noneIsAnEmptyOne() {
    assertThat(config("").values()).isEmpty();
    assertThat(config("").tree()).isEqualTo(JsonObject.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "\"x\"", "null", "7"})
  void whatIsNoObjectIsRefusedWithItsPlace(String json) {
    assertThatThrownBy(() -> config(json))
        .isInstanceOf(UserException.class)
        .hasMessage("models/a/config.json is not a JSON object. Fetch it again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"a\": }", "{a: 1}", "   "})
  void whatIsNoJsonIsRefusedWithItsPlace(String json) {
    assertThatThrownBy(() -> config(json))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("models/a/config.json is not valid JSON: ")
        .hasMessageEndingWith("Fetch it again");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"num_hidden_layers\": 3} | num_hidden_layers",
        "{\"n_layer\": 3} | n_layer",
        "{\"num_layers\": 3, \"num_hidden_layers\": 4} | num_hidden_layers",
      })
  void theNumberOfLayersHasManyNames(String json, String key) {
    assertThat(ModelConfig.layersKey(config(json).tree())).hasValue(key);
  }

  @Test
  void theLanguageModelIsTheWholeWhereThatCountsLayers() {
    JsonObject flat = config("{\"n_layer\": 2, \"text_config\": {\"n_layer\": 9}}").tree();
    assertThat(ModelConfig.textPart(flat)).isEqualTo(flat);
    JsonObject nested = config("{\"vision\": 1, \"text_config\": {\"n_layer\": 9}}").tree();
    assertThat(ModelConfig.textPart(nested).whole("n_layer", 0)).isEqualTo(9);
    JsonObject changed = ModelConfig.withTextPart(nested, part -> part.with("n_layer", 4));
    assertThat(ModelConfig.textPart(changed).whole("n_layer", 0)).isEqualTo(4);
    assertThat(changed.whole("vision", 0)).isEqualTo(1);
    JsonObject silent = config("{\"x\": 1}").tree();
    assertThat(ModelConfig.textPart(silent)).isEqualTo(silent);
  }

  @ParameterizedTest
  @CsvSource({
    "fp8, true",
    "FP8, true",
    "float8_e4m3fn, true",
    "float-quantized, true",
    "gptq, false",
    "mxfp4, false"
  })
  void knowsHowQuantisersCallFp8(String method, boolean isFloat8) {
    ModelConfig config =
        config("{\"quantization_config\": {\"quant_method\": \"%s\"}}".formatted(method));
    assertThat(config.quantizesToFloat8()).isEqualTo(isFloat8);
  }

  @Test
  void fp8ElsewhereSaysNothing() {
    assertThat(config("{\"name\": \"model-fp8\"}").quantizesToFloat8()).isFalse();
  }
}
