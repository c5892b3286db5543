package dev.stockpot.merge.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibraryTest {
  @ParameterizedTest
  @CsvSource({
    "model_type, transformers",
    "architectures, transformers",
    "_class_name, diffusers",
    "_diffusers_version, diffusers",
    "model_cfg, open_clip",
    "architecture, timm",
  })
  void isToldByWhatTheConfigurationHas(String key, String word) {
    assertThat(Library.of(JsonObject.of(Map.of(key, "x")), List.of()).word()).isEqualTo(word);
  }

  @Test
  void isToldByModules() {
    JsonObject config = JsonObject.of(Map.of("model_type", "bert"));
    assertThat(Library.of(config, List.of("tokenizer.json", "modules.json")).word())
        .isEqualTo("sentence-transformers");
  }

  @Test
  void isNotKnownWithoutAConfiguration() {
    assertThat(Library.of(JsonObject.EMPTY, List.of()).word()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"_class_name, false", "model_cfg, false", "architecture, false", "n_layer, true"})
  void getsATypeInItsConfigurationIfItLooksForOne(String key, boolean isNamed) {
    JsonObject config = JsonObject.of(Map.of(key, "x"));
    assertThat(ConfigEdit.type(DType.BF16).apply(config).has("torch_dtype")).isEqualTo(isNamed);
  }
}
