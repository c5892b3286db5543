package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;

/** Scores in the order in which a chooser heard of them, and what can be said of them together. */
final class Heard {
  private final Plan plan;
  private final List<JsonObject> rows = new ArrayList<>();
  private final List<Point> points = new ArrayList<>();
  private final List<Trial> trials = new ArrayList<>();
  private String lastFailure = "nothing was tried";

  Heard(Plan plan) {
    this.plan = plan;
  }

  int size() {
    return rows.size();
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /**
   * Takes one more.
   *
   * @param gain over the best before it, as far as it can be compared
   */
  void add(Point point, Trial trial, String verdict, Optional<Gain> gain) {
    JsonObject row = trial.json().without("seconds").with("verdict", verdict);
    OptionalDouble place = plan.placeOf(rows.size() + 1);
    row = place.isPresent() ? row.with("t", JsonValue.of(place.getAsDouble())) : row;
    rows.add(gain.isPresent() ? gain.get().in(row) : row);
    points.add(point);
    trials.add(trial);
    lastFailure = trial.failure().isEmpty() ? lastFailure : trial.failure();
  }

  /** All of them; of several metrics, what no other is better than by all of them is marked. */
  List<JsonObject> rows(List<Point> onFront) {
    Set<Point> front = new HashSet<>(onFront);
    List<JsonObject> all = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      boolean isOnFront = front.contains(points.get(i));
      all.add(isOnFront ? rows.get(i).with("front", JsonValue.of(true)) : rows.get(i));
    }
    return all;
  }

  /** Why nothing was chosen. */
  String whyNothing() {
    boolean isScored = trials.stream().anyMatch(trial -> !trial.score().isFailed());
    return plan.whyNothing()
        .filter(any -> isScored)
        .map(why -> "Nothing was chosen of %s candidates: %s".formatted(rows.size(), why))
        .orElseGet(
            () ->
                "None of %s candidates could be scored. The last one: %s"
                    .formatted(rows.size(), lastFailure));
  }

  /** What a choice is to be compared with: the best single model, or else what was scored first. */
  Optional<Point> reference() {
    List<Integer> scored =
        IntStream.range(0, trials.size())
            .filter(i -> !trials.get(i).score().isFailed() && points.get(i).budget() == 0)
            .boxed()
            .toList();
    return scored.stream()
        .filter(i -> plan.isOriginal(points.get(i)))
        .max(Comparator.comparingDouble(i -> trials.get(i).score().worth().getAsDouble()))
        .or(() -> scored.stream().findFirst())
        .map(points::get);
  }

  /** Points that are one model by itself, in the order in which they were heard. */
  List<Point> singles() {
    return points.stream().filter(point -> point.ingredients().size() == 1).distinct().toList();
  }

  /** What was heard of a point. */
  Optional<Trial> of(Point point) {
    int place = points.indexOf(point);
    return place < 0 ? Optional.empty() : Optional.of(trials.get(place));
  }

  /** A warning where the choice is no better than its standard error can tell. */
  Optional<String> noise(Chooser.Choice best) {
    Optional<Trial> over =
        reference().filter(point -> !point.equals(best.point())).flatMap(this::of);
    Optional<Score> score = of(best.point()).map(Trial::score);
    Optional<Gain> gain =
        score.isEmpty() || over.isEmpty()
            ? Optional.empty()
            : Gain.of(score.get(), over.get().score());
    return gain.filter(Gain::isWithinNoise)
        .map(
            found ->
                String.format(
                    Locale.ROOT,
                    "the gain over %s, %s, is within its standard error, and the best of %s candidates is better by luck alone: by about %.2g if all were alike. Say `test` with items that nothing was chosen by",
                    over.get().what(),
                    found,
                    rows.size(),
                    luck(score.get())));
  }

  /** How much better the best of so many equals looks: about σ√(2 ln N). */
  private double luck(Score score) {
    return score.standardError().orElse(0) * StrictMath.sqrt(2 * StrictMath.log(rows.size()));
  }
}
