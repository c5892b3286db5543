package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Soup or ensemble? The best single model, the uniform soup and what was chosen, by their scores,
 * beside ensembles of the same models, by their predictions.
 */
final class Alternatives {
  /** Scores of one model on the same examples differ by rounding, and not by this much. */
  private static final double SAME = 0.005;

  private final MeasuredEnsemble ensemble;
  private final List<String> models;
  private final Heard heard;
  private final Optional<HeldOut> asked;

  /**
   * A question.
   *
   * @param models of the soup
   * @param asked where the uniform soup is not scored yet; nothing if nobody can be asked
   */
  Alternatives(
      MeasuredEnsemble ensemble, List<String> models, Heard heard, Optional<HeldOut> asked) {
    this.ensemble = ensemble;
    this.models = models;
    this.heard = heard;
    this.asked = asked;
  }

  /**
   * The answers: what it is, of how many models, its score and its measures.
   *
   * @param kind of the soup
   * @param chosen by it
   */
  List<JsonObject> rows(String kind, Point chosen) throws IOException, InterruptedException {
    List<JsonObject> rows = new ArrayList<>();
    heard.singles().stream()
        .filter(single -> !trial(single).score().isFailed())
        .reduce((one, other) -> worth(other) > worth(one) ? other : one)
        .ifPresent(best -> rows.add(row("best single model", best, trial(best))));
    Point mean = mean();
    if (mean.ingredients().size() > 1) {
      uniform(mean).ifPresent(trial -> rows.add(row("uniform soup", mean, trial)));
    }
    if (!kind.equals("uniform")) {
      rows.add(row(kind + " soup", chosen, trial(chosen)));
    }
    for (JsonObject other : ensemble.others()) {
      JsonObject row =
          JsonObject.EMPTY
              .with("what", other.text("name"))
              .with("of", "")
              .with("models", ensemble.models(other));
      rows.add(withMeasures(row, other));
    }
    return rows;
  }

  /** What was heard of a point; a score of another night's soup has a point of its own. */
  private Trial trial(Point point) {
    return heard.of(point).orElseThrow();
  }

  private double worth(Point point) {
    return trial(point).score().worth().getAsDouble();
  }

  /** All models that could be scored, whether the soup came by their mean or not. */
  private Point mean() {
    double[] weights = new double[models.size()];
    for (Point single : heard.singles()) {
      weights[single.ingredients().get(0)] = trial(single).score().isFailed() ? 0 : 1;
    }
    return Point.of(weights);
  }

  private Optional<Trial> uniform(Point mean) throws IOException, InterruptedException {
    Optional<Trial> known = heard.of(mean);
    return known.isEmpty() && asked.isPresent()
        ? Optional.of(asked.get().of(List.of(mean)).get(0))
        : known;
  }

  private JsonObject row(String what, Point point, Trial trial) {
    JsonObject row = JsonObject.EMPTY.with("what", what).with("of", trial.what()).with("models", 1);
    if (trial.score().isFailed()) {
      return row.with("failure", trial.failure());
    }
    row = row.with("score", JsonValue.of(score(trial)));
    if (trial.measures().size() == 1) {
      row = row.with("metric", trial.measures().keySet().iterator().next());
    }
    if (trial.score().standardError().isPresent()) {
      row = row.with("stderr", JsonValue.of(trial.score().standardError().getAsDouble()));
    }
    return point.ingredients().size() == 1 ? withMeasures(row, measuresOf(point)) : row;
  }

  /** Its metric as it was found, or of several what they come to. */
  private static double score(Trial trial) {
    return trial.measures().size() == 1
        ? trial.measures().values().iterator().next()
        : trial.score().worth().getAsDouble();
  }

  private static JsonObject withMeasures(JsonObject row, JsonObject measures) {
    JsonObject with = row;
    for (String measure : MeasuredEnsemble.SHOWN) {
      with = with.with(measure, measures.get(measure).orElse(JsonValue.nothing()));
    }
    return with;
  }

  /** What the table of a single model was measured to be. */
  private JsonObject measuresOf(Point single) {
    return ensemble.measuresOf(models.get(single.ingredients().get(0)));
  }

  /** A warning where the tables seem to be of other examples than the scores. */
  Optional<String> warning() {
    if (ensemble.compared().isEmpty()) {
      return Optional.empty();
    }
    for (Point single : heard.singles()) {
      Trial trial = trial(single);
      double table =
          measuresOf(single)
              .get(ensemble.compared())
              .map(JsonValue::number)
              .orElse(OptionalDouble.empty())
              .orElse(Double.NaN);
      if (!trial.score().isFailed() && !(Math.abs(score(trial) - table) <= SAME)) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "%s has a score of %.6g, and by its table in %s the %s is %.6g: they are of other examples, or of another model, and do not compare",
                trial.what(),
                score(trial),
                ensemble.place(),
                ensemble.compared(),
                table));
      }
    }
    return Optional.empty();
  }
}
