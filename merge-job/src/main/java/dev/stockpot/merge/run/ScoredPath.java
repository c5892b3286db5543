package dev.stockpot.merge.run;

import dev.stockpot.merge.choose.Barrier;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the points of a path between models were found to be.
 *
 * @param points in order, both ends included
 * @param barrier how much worse the path is than the straight line between the worths of its ends;
 *     nothing if an end could not be scored
 * @param page of the report, to look at
 * @param isAlreadyThere whether all of it was found before, and nothing was done
 */
public record ScoredPath(
    List<Point> points, Optional<Barrier> barrier, String page, boolean isAlreadyThere) {

  /**
   * A point.
   *
   * @param t from 0, the first model, to 1, the last
   * @param what it is, in words
   * @param worth larger is better; nothing if it could not be scored
   * @param error standard error of the worth, where the evaluator tells it
   * @param measures by metric, as the evaluators gave them
   * @param failure why it could not be scored; empty if it was
   */
  public record Point(
      double t,
      String what,
      OptionalDouble worth,
      OptionalDouble error,
      Map<String, Double> measures,
      String failure) {
    public Point {
      measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
    }
  }

  public ScoredPath {
    points = List.copyOf(points);
  }

  static ScoredPath of(List<JsonObject> trials, String page, boolean isAlreadyThere) {
    List<Point> points = trials.stream().map(ScoredPath::point).toList();
    return new ScoredPath(points, barrier(points), page, isAlreadyThere);
  }

  private static Optional<Barrier> barrier(List<Point> points) {
    List<Barrier.At> scored = new ArrayList<>();
    for (Point point : points) {
      point.worth().ifPresent(worth -> scored.add(new Barrier.At(point.t(), worth)));
    }
    return Barrier.of(scored);
  }

  private static Point point(JsonObject trial) {
    Map<String, Double> measures = new LinkedHashMap<>();
    trial
        .object("measures")
        .ifPresent(
            all ->
                all.fields()
                    .forEach(
                        (name, value) -> value.number().ifPresent(n -> measures.put(name, n))));
    return new Point(
        number(trial, "t").orElseThrow(),
        trial.text("what"),
        number(trial, "worth"),
        number(trial, "stderr"),
        measures,
        trial.text("failure"));
  }

  private static OptionalDouble number(JsonObject trial, String name) {
    return trial.get(name).map(JsonValue::number).orElse(OptionalDouble.empty());
  }

  /** The barrier in a sentence, for people; why there is none, if there is none. */
  public String sentence() {
    if (barrier.isEmpty()) {
      return "No barrier can be told: an end of the path could not be scored.";
    }
    Barrier found = barrier.get();
    String gain =
        found.gain() > 0
            ? String.format(
                Locale.ROOT, " At its best it is %.4g better than that line.", found.gain())
            : "";
    return found.height() > 0
        ? String.format(
            Locale.ROOT,
            "Barrier %.4g, at t = %.4g: so much worse the path is there than the straight line between its ends.%s",
            found.height(),
            found.t(),
            gain)
        : "Barrier 0: nowhere is the path worse than the straight line between its ends.%s"
            .formatted(gain);
  }
}
