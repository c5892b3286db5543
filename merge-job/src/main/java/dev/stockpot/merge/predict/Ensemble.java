package dev.stockpot.merge.predict;

import dev.stockpot.merge.UserException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How predictions become one: what {@code ensemble.json} holds, and what can be applied again.
 *
 * @param models names of the tables, in the order of the weights
 * @param classes their number
 * @param names of the classes; none where only their number is known
 * @param calibration of what comes out; nothing if there is none
 */
public record Ensemble(
    Method method,
    List<String> models,
    Weights weights,
    int classes,
    List<String> names,
    Optional<Calibration> calibration) {
  public Ensemble {
    models = List.copyOf(models);
    names = List.copyOf(names);
    if (models.size() != weights.models()) {
      throw new IllegalArgumentException(
          "%s models and %s weights".formatted(models.size(), weights.models()));
    }
  }

  /**
   * One with weights that somebody gave.
   *
   * @param given by model; those that are not named count 1; all equal if none is
   * @throws UserException if a name is no model's, or the method takes none
   */
  static Weights weights(Method method, List<String> models, Map<String, Double> given) {
    if (given.isEmpty()) {
      return Weights.equal(models.size());
    }
    if (!method.takesWeights()) {
      throw new UserException(
          "%s finds its weights itself: leave away those of %s, or say --by mean"
              .formatted(method.word(), String.join(", ", new TreeSet<>(given.keySet()))));
    }
    for (String name : new TreeSet<>(given.keySet())) {
      if (!models.contains(name)) {
        throw new UserException(
            "There is a weight for `%s`, and no table of that name; there are %s"
                .formatted(name, String.join(", ", models)));
      }
    }
    double[] weights = models.stream().mapToDouble(name -> given.getOrDefault(name, 1.0)).toArray();
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    Weights.of(weights); // each is one
    for (int model = 0; model < weights.length; model++) {
      weights[model] /= sum;
    }
    return Weights.of(weights);
  }

  /** What makes one prediction of those of the first tables. */
  Combination combination() {
    return calibration.map(found -> found.of(bare())).orElse(bare());
  }

  /** The same without its calibration. */
  Combination bare() {
    return method.rule().of(weights);
  }

  Ensemble with(Weights fitted) {
    return new Ensemble(method, models, fitted, classes, names, calibration);
  }

  Ensemble with(Calibration fitted) {
    return new Ensemble(method, models, weights, classes, names, Optional.of(fitted));
  }
}
