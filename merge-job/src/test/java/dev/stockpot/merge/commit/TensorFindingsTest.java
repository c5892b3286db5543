package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.kernels.statistic.UpdateLengths;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.output.MatrixFindings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TensorFindingsTest {
  private static final JsonObject TENSOR = JsonObject.EMPTY.with("name", "w");

  private static JsonObject written(LostUpdates updates, NonFinite broken) {
    MergeFacts facts =
        new MergeFacts("", "linear", 0, Rounding.Mode.NEAREST, Map.of())
            .knowing(Map.of("w", updates), Map.of("w", broken), MatrixFindings.NONE);
    return TensorFindings.with(TENSOR, "w", facts);
  }

  /** As it stands in a file. */
  private static JsonObject read(JsonObject tensor) throws JsonException {
    byte[] text = JsonWriter.text(JsonStyle.SPACIOUS, tensor).getBytes(UTF_8);
    return Json.parse(text).object().orElseThrow();
  }

  @Test
  void nothingIsSaidWhereNothingWasFound() {
    assertThat(written(LostUpdates.NONE, NonFinite.NONE)).isEqualTo(TENSOR);
    assertThat(written(new LostUpdates(9, 0), NonFinite.NONE)).isEqualTo(TENSOR);
  }

  @Test
  void lostUpdatesAreReadAsTheyWereWritten() throws JsonException {
    LostUpdates updates = new LostUpdates(9, 4);
    JsonObject tensor = read(written(updates, NonFinite.NONE));
    assertThat(TensorFindings.updates(tensor)).isEqualTo(updates);
    assertThat(tensor.has("lengths")).isFalse();
  }

  @Test
  void lengthsAreReadToTheBit() throws JsonException {
    UpdateLengths lengths = new UpdateLengths(Math.sqrt(2), 1.0 / 3, 0.1 + 0.2);
    LostUpdates updates = new LostUpdates(9, 0, lengths);
    assertThat(TensorFindings.updates(read(written(updates, NonFinite.NONE)))).isEqualTo(updates);
  }

  @Test
  void whatIsNotFiniteIsReadAsItWasWritten() throws JsonException {
    NonFinite broken = new NonFinite(1, 2, 3, 4);
    JsonObject tensor = read(written(LostUpdates.NONE, broken));
    assertThat(TensorFindings.nonFinite(tensor)).isEqualTo(broken);
    assertThat(TensorFindings.updates(tensor)).isEqualTo(LostUpdates.NONE);
  }

  @Test
  void anEntryOfNothingHasNothing() {
    assertThat(TensorFindings.nonFinite(TENSOR)).isEqualTo(NonFinite.NONE);
    assertThat(TensorFindings.updates(TENSOR)).isEqualTo(LostUpdates.NONE);
  }
}
