package dev.stockpot.merge.evaluate;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * A line of known scores.
 *
 * @param models that it is of; none where it is of a place of a path
 * @param weights of the models; none where all count the same
 * @param t place on a path, where it says one
 * @param measures at least one
 */
record ScoreLine(
    List<String> models, List<Double> weights, OptionalDouble t, Map<String, Measure> measures) {
  private static final String PLACE = "t";

  ScoreLine {
    requireNonNull(t, "t is null");
    models = List.copyOf(models);
    weights = List.copyOf(weights);
    measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
  }

  /**
   * Reads it.
   *
   * @param place of the line, for messages
   * @throws EvaluationException if it cannot be understood
   */
  static ScoreLine read(String place, String line) throws EvaluationException {
    JsonObject row;
    try {
      row =
          Json.parse(line.getBytes(StandardCharsets.UTF_8))
              .object()
              .orElseThrow(() -> refused(place, "is no object of JSON"));
    } catch (JsonException e) {
      throw refused(place, "is not JSON: " + e.getMessage());
    }
    List<String> models = new ArrayList<>();
    row.get("model_name").flatMap(JsonValue::text).ifPresent(models::add);
    row.list("models").forEach(model -> model.text().ifPresent(models::add));
    List<Double> weights = new ArrayList<>();
    row.list("weights").forEach(weight -> weight.number().ifPresent(weights::add));
    OptionalDouble t = row.get(PLACE).map(JsonValue::number).orElse(OptionalDouble.empty());
    requireNamesAndNumbers(row, place);
    if (models.isEmpty() && t.isEmpty()) {
      throw refused(place, "names no model; give it `model_name` or `models`, or `t` of a path");
    }
    if (!weights.isEmpty() && weights.size() != models.size()) {
      throw refused(place, "has %s models and %s weights".formatted(models.size(), weights.size()));
    }
    return new ScoreLine(models, weights, t, measures(row, place));
  }

  /** What is left out of a mixture would make it another one. */
  private static void requireNamesAndNumbers(JsonObject row, String place)
      throws EvaluationException {
    Optional<JsonValue> models = row.get("models");
    if (models.isPresent()) {
      if (!isListOf(models.get(), model -> model.text().isPresent())) {
        throw refused(place, "has `models` %s, must be a list of names".formatted(text(models)));
      }
      Optional<JsonValue> weights = row.get("weights");
      if (weights.isPresent() && !isListOf(weights.get(), one -> one.number().isPresent())) {
        throw refused(
            place, "has `weights` %s, must be a list of numbers".formatted(text(weights)));
      }
    }
  }

  private static boolean isListOf(JsonValue value, Predicate<JsonValue> elements) {
    return value.list().filter(list -> list.stream().allMatch(elements)).isPresent();
  }

  private static String text(Optional<JsonValue> value) {
    return JsonWriter.text(JsonStyle.COMPACT, value.orElseThrow());
  }

  private static Map<String, Measure> measures(JsonObject row, String place)
      throws EvaluationException {
    Map<String, Measure> measures = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> field : row.fields().entrySet()) {
      OptionalDouble value = field.getValue().number();
      if (value.isPresent() && !field.getKey().equals(PLACE)) {
        if (!Double.isFinite(value.getAsDouble())) {
          throw refused(
              place,
              "has a `%s` of %s, must be finite".formatted(field.getKey(), value.getAsDouble()));
        }
        measures.put(field.getKey(), Measure.of(value.getAsDouble()));
      }
    }
    if (measures.isEmpty()) {
      throw refused(place, "has no number in it");
    }
    return measures;
  }

  private static EvaluationException refused(String place, String why) {
    return new EvaluationException("%s: the line %s".formatted(place, why));
  }
}
