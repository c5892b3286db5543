package dev.stockpot.merge.evaluate;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * Scores that are known already: lines of JSON, each with the name of a model, {@code model_name},
 * or those of a soup, {@code models}, and a number for each metric; the first is the layout of
 * model-soups' {@code individual_model_results.jsonl}. A model is named as the recipe names it, or
 * by the last part of that.
 */
final class ScoreTable implements Evaluator {
  private final String name;
  private final Map<Set<String>, Map<String, Measure>> scores = new HashMap<>();
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
    if (scores.isEmpty()) {
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
    Set<String> models = new TreeSet<>();
    row.get("model_name").flatMap(JsonValue::text).ifPresent(models::add);
    row.list("models").forEach(model -> model.text().ifPresent(models::add));
    if (models.isEmpty()) {
      throw refused(number, "names no model; give it `model_name` or `models`");
    }
    Map<String, Measure> measures = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> field : row.fields().entrySet()) {
      OptionalDouble value = field.getValue().number();
      if (value.isPresent()) {
        measures.put(field.getKey(), Measure.of(value.getAsDouble()));
      }
    }
    if (measures.isEmpty()) {
      throw refused(number, "has no number in it");
    }
    if (scores.putIfAbsent(models, measures) != null) {
      throw refused(number, "has scores of %s for the second time; keep one".formatted(models));
    }
  }

  private EvaluationException refused(int line, String why) {
    return new EvaluationException("%s:%s: the line %s".formatted(name, line, why));
  }

  @Override
  public Map<String, Measure> evaluate(Candidate candidate) throws EvaluationException {
    Map<String, Measure> found = scores.get(new TreeSet<>(candidate.ingredients()));
    if (found == null) {
      Set<String> names = new TreeSet<>();
      candidate.ingredients().forEach(path -> names.add(path.substring(path.lastIndexOf('/') + 1)));
      found =
          names.size() == new TreeSet<>(candidate.ingredients()).size() ? scores.get(names) : null;
    }
    if (found == null) {
      throw new EvaluationException(
          "%s has no scores of %s".formatted(name, String.join(" + ", candidate.ingredients())));
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
