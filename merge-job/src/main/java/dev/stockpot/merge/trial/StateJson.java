package dev.stockpot.merge.trial;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.choose.SearchState;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NoSuchElementException;

/** The state of a search as JSON, as journals and manifests have it, and read from there. */
final class StateJson {
  private static final int HASH_LETTERS = 16;

  private StateJson() {}

  static JsonObject of(SearchState state) {
    return JsonObject.EMPTY
        .with("generation", state.generation())
        .with("sigma", JsonValue.of(state.sigma()))
        .with("mean", numbers(state.mean()))
        .with("covariance", numbers(state.covariance()))
        .with("sigma_path", numbers(state.sigmaPath()))
        .with("covariance_path", numbers(state.covariancePath()));
  }

  static String text(SearchState state) {
    return JsonWriter.text(JsonStyle.COMPACT, of(state));
  }

  /** Letters that are the same for the same state, and for no other one. */
  static String hash(SearchState state) {
    return Sha256.of(List.of(text(state))).substring(0, HASH_LETTERS);
  }

  /**
   * The state in a file: by itself, or in the manifest of what a search chose.
   *
   * @throws JsonException if there is none
   */
  static SearchState read(String text) throws JsonException {
    JsonObject file =
        Json.parse(text.getBytes(StandardCharsets.UTF_8))
            .object()
            .orElseThrow(() -> JsonException.of("it is no JSON object"));
    JsonObject state =
        file.object("chosen").map(chosen -> chosen.object("state").orElse(chosen)).orElse(file);
    try {
      return new SearchState(
          state.integer("generation").orElseThrow(),
          state.get("sigma").orElseThrow().number().orElseThrow(),
          numbers(state, "mean"),
          numbers(state, "covariance"),
          numbers(state, "sigma_path"),
          numbers(state, "covariance_path"));
    } catch (NoSuchElementException | IllegalArgumentException e) {
      throw JsonException.of(
          "it holds no state of a search by cma_es (%s)".formatted(e.getMessage()));
    }
  }

  private static List<JsonValue> numbers(List<Double> values) {
    return values.stream().map(JsonValue::of).toList();
  }

  private static List<Double> numbers(JsonObject json, String name) {
    return json.list(name).stream().map(value -> value.number().orElseThrow()).toList();
  }
}
