package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.Secrets;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * A candidate that was scored, or could not be.
 *
 * @param candidate its id, the same for the same bytes
 * @param point its weights, or its place in the unit cube of a search
 * @param what it is in words
 * @param score larger is better
 * @param measures by metric, as the evaluators gave them
 * @param failure why it could not be scored; empty if it was
 * @param seconds that its evaluation took
 * @param state hash of where the search stood that drew it; empty where none is kept
 */
public record Trial(
    String candidate,
    Point point,
    String what,
    Score score,
    Map<String, Double> measures,
    String failure,
    double seconds,
    String state) {
  public Trial {
    requireNonNull(candidate, "candidate is null");
    requireNonNull(point, "point is null");
    requireNonNull(score, "score is null");
    requireNonNull(state, "state is null");
    what = Secrets.hidden(what);
    failure = Secrets.hidden(failure); // what evaluators printed
    measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
    if (score.isFailed() == failure.isEmpty()) {
      throw new IllegalArgumentException("score is %s, failure is '%s'".formatted(score, failure));
    }
  }

  static Trial scored(
      String candidate, Point point, String what, Judges.Verdict verdict, double seconds) {
    return new Trial(candidate, point, what, verdict.score(), verdict.measures(), "", seconds, "");
  }

  /** One that could not be scored. */
  static Trial failed(String candidate, Point point, String what, String why, double seconds) {
    return new Trial(candidate, point, what, Score.FAILED, Map.of(), why, seconds, "");
  }

  /** The same, drawn from where a search stood. */
  Trial inState(String hash) {
    return new Trial(candidate, point, what, score, measures, failure, seconds, hash);
  }

  JsonObject json() {
    JsonObject json =
        JsonObject.EMPTY
            .with("candidate", candidate)
            .with("what", what)
            .with("point", numbers(point.values()));
    if (point.budget() > 0) {
      json = json.with("budget", JsonValue.of(point.budget()));
    }
    if (score.worth().isPresent()) {
      json = json.with("worth", JsonValue.of(score.worth().getAsDouble()));
    }
    if (score.standardError().isPresent()) {
      json = json.with("stderr", JsonValue.of(score.standardError().getAsDouble()));
    }
    if (!score.objectives().isEmpty()) {
      json = json.with("objectives", numbers(score.objectives()));
    }
    if (!measures.isEmpty()) {
      json = json.with("measures", JsonObject.of(measures));
    }
    if (!failure.isEmpty()) {
      json = json.with("failure", failure);
    }
    if (!state.isEmpty()) {
      json = json.with("state", state);
    }
    return json.with("seconds", JsonValue.of(seconds));
  }

  /** As a manifest has it, which says nothing of time. */
  public JsonObject told() {
    return json().without("seconds");
  }

  /** What it was found to be, in words. */
  public String inWords() {
    String found =
        measures.entrySet().stream()
            .map(
                measure ->
                    String.format(Locale.ROOT, "%s %.6g", measure.getKey(), measure.getValue()))
            .collect(Collectors.joining(", "));
    String error =
        score.standardError().isPresent()
            ? String.format(Locale.ROOT, " ± %.2g", score.standardError().getAsDouble())
            : "";
    return "%s: %s".formatted(what, failure.isEmpty() ? found + error : failure);
  }

  /** The trial that was written; nothing if that is none. */
  static Optional<Trial> of(JsonObject json) {
    Map<String, Double> measures = new LinkedHashMap<>();
    json.object("measures")
        .ifPresent(
            all ->
                all.fields()
                    .forEach(
                        (name, value) -> value.number().ifPresent(n -> measures.put(name, n))));
    try {
      return Optional.of(
          new Trial(
              json.text("candidate"),
              new Point(numbers(json, "point"), json.integer("budget").orElse(0)),
              json.text("what"),
              new Score(number(json, "worth"), number(json, "stderr"), numbers(json, "objectives")),
              measures,
              json.text("failure"),
              number(json, "seconds").orElse(0),
              json.text("state")));
    } catch (IllegalArgumentException | NoSuchElementException e) {
      return Optional.empty();
    }
  }

  private static List<JsonValue> numbers(List<Double> values) {
    return values.stream().map(JsonValue::of).toList();
  }

  private static List<Double> numbers(JsonObject json, String name) {
    return json.list(name).stream().map(value -> value.number().orElseThrow()).toList();
  }

  private static OptionalDouble number(JsonObject json, String name) {
    return json.get(name).map(JsonValue::number).orElse(OptionalDouble.empty());
  }
}
