package dev.stockpot.merge.evaluate;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Scores that are known already: lines of JSON, each with the name of a model, {@code model_name},
 * or those of a soup, {@code models}, and a number for each metric; the first is the layout of
 * model-soups' {@code individual_model_results.jsonl}. A model is named as the recipe names it, or
 * by the last part of that. A soup is the plain mean, unless {@code weights} stand beside {@code
 * models}; a point of a path may be named by {@code t} alone.
 */
final class ScoreTable implements Evaluator {
  private static final String PLACE = "t";

  private final String name;
  private final Map<Mixture, Map<String, Measure>> scores = new HashMap<>();
  private final Map<Long, Map<String, Measure>> ofPath = new HashMap<>();
  private final String identity;

  /**
   * A table.
   *
   * @param name of the file, for messages
   * @throws EvaluationException if a line of it cannot be understood
   */
  ScoreTable(String name, String text) throws EvaluationException {
    this.name = name;
    this.identity = "scores " + text;
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        add(lines.get(i), i + 1);
      }
    }
    if (scores.isEmpty() && ofPath.isEmpty()) {
      throw new EvaluationException("%s has no scores in it".formatted(name));
    }
  }

  private void add(String line, int number) throws EvaluationException {
    JsonObject row;
    try {
      row =
          Json.parse(line.getBytes(StandardCharsets.UTF_8))
              .object()
              .orElseThrow(() -> refused(number, "is no object of JSON"));
    } catch (JsonException e) {
      throw refused(number, "is not JSON: " + e.getMessage());
    }
    List<String> models = new ArrayList<>();
    row.get("model_name").flatMap(JsonValue::text).ifPresent(models::add);
    row.list("models").forEach(model -> model.text().ifPresent(models::add));
    List<Double> weights = new ArrayList<>();
    row.list("weights").forEach(weight -> weight.number().ifPresent(weights::add));
    OptionalDouble t = row.get(PLACE).map(JsonValue::number).orElse(OptionalDouble.empty());
    if (models.isEmpty() && t.isEmpty()) {
      throw refused(number, "names no model; give it `model_name` or `models`, or `t` of a path");
    }
    if (!weights.isEmpty() && weights.size() != models.size()) {
      throw refused(
          number, "has %s models and %s weights".formatted(models.size(), weights.size()));
    }
    Map<String, Measure> measures = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> field : row.fields().entrySet()) {
      OptionalDouble value = field.getValue().number();
      if (value.isPresent() && !field.getKey().equals(PLACE)) {
        measures.put(field.getKey(), Measure.of(value.getAsDouble()));
      }
    }
    if (measures.isEmpty()) {
      throw refused(number, "has no number in it");
    }
    boolean isNew =
        models.isEmpty()
            ? ofPath.put(place(t.getAsDouble()), measures) == null
            : scores.put(Mixture.of(models, weights), measures) == null;
    if (!isNew) {
      throw refused(
          number,
          "has scores of %s for the second time; keep one"
              .formatted(models.isEmpty() ? "t = " + t.getAsDouble() : models));
    }
  }

  /** Places of a path in millionths: people round them. */
  private static long place(double t) {
    return Math.round(t * 1e6);
  }

  private EvaluationException refused(int line, String why) {
    return new EvaluationException("%s:%s: the line %s".formatted(name, line, why));
  }

  @Override
  public Map<String, Measure> evaluate(Candidate candidate) throws EvaluationException {
    List<Double> weights = candidate.mix().weights();
    if (weights.isEmpty()) {
      throw new EvaluationException(
          "%s has scores of means of models, and this is none; let a `command` or a service score it"
              .formatted(name));
    }
    Map<String, Measure> found = scores.get(Mixture.of(candidate.ingredients(), weights));
    if (found == null) {
      List<String> names =
          candidate.ingredients().stream()
              .map(path -> path.substring(path.lastIndexOf('/') + 1))
              .toList();
      boolean areTold = names.stream().distinct().count() == names.size();
      found = areTold ? scores.get(Mixture.of(names, weights)) : null;
    }
    if (found == null && !Double.isNaN(candidate.mix().t())) {
      found = ofPath.get(place(candidate.mix().t()));
    }
    if (found == null) {
      throw new EvaluationException(
          "%s has no scores of %s%s"
              .formatted(
                  name,
                  String.join(" + ", candidate.ingredients()),
                  candidate.mix().isEven() ? "" : " by weights " + weights));
    }
    return found;
  }

  @Override
  public boolean heedsBudget() {
    return false;
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public boolean needsModel() {
    return false;
  }
}
