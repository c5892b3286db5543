package dev.stockpot.merge.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Measured numbers in a manifest. */
class MeasuredTensorsTest {
  @Test
  void numbersAreReadAsTheyWereWritten() throws JsonException {
    Map<String, Map<String, Double>> measures =
        Map.of(
            "a.weight", Map.of("R² of the fit", 0.1 + 0.2, "ridge", 1e-300),
            "b.weight", Map.of("R² of the fit", -3.5));
    JsonObject manifest = MeasuredTensors.in(JsonObject.EMPTY.with("format", 1), measures);
    String text = JsonWriter.text(JsonStyle.COMPACT, manifest);
    JsonObject read = Json.parse(text.getBytes(StandardCharsets.UTF_8)).object().orElseThrow();
    assertThat(MeasuredTensors.of(read)).isEqualTo(measures);
    assertThat(MeasuredTensors.in(JsonObject.EMPTY.with("format", 1), MeasuredTensors.of(read)))
        .isEqualTo(manifest);
  }

  @Test
  void aManifestWithoutAnyStaysAsItIs() {
    JsonObject manifest = JsonObject.EMPTY.with("format", 1);
    assertThat(MeasuredTensors.in(manifest, Map.of())).isEqualTo(manifest);
    assertThat(MeasuredTensors.of(manifest)).isEmpty();
  }
}
