package dev.stockpot.merge.predict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What became of tables of predictions.
 *
 * @param beside how many models are measured that are no part of the ensemble
 * @param measures of each model, of those beside, and of the ensemble; none without labels
 * @param pairs how unlike the ensemble's models are
 * @param notices what a user should know, though nothing is wrong
 */
public record EnsembleResult(
    Ensemble ensemble,
    long examples,
    long labelled,
    long masked,
    int beside,
    List<Measures> measures,
    List<Diversity> pairs,
    List<String> notices) {
  /** The name under which the ensemble is measured. */
  public static final String ENSEMBLE = "ensemble";

  /** What stands behind the name of what is calibrated. */
  public static final String CALIBRATED = ", calibrated";

  public EnsembleResult {
    measures = List.copyOf(measures);
    pairs = List.copyOf(pairs);
    notices = List.copyOf(notices);
  }

  /**
   * Soup or ensemble? The likeliest single model, all that are measured beside, and the ensemble,
   * each with how many models answer an example.
   *
   * @return none if nothing is measured beside the ensemble
   */
  public List<Alternative> alternatives() {
    int models = ensemble.models().size();
    List<Measures> others = new ArrayList<>(measures);
    List<Measures> singles = others.subList(0, Math.min(models, others.size()));
    boolean isNothingBeside = beside == 0 || measures.isEmpty();
    if (isNothingBeside) {
      return List.of();
    }
    List<Alternative> alternatives = new ArrayList<>();
    Measures best = singles.stream().min(Comparator.comparingDouble(Measures::nll)).orElseThrow();
    alternatives.add(new Alternative("best single model", 1, best));
    for (Measures one : others.subList(models, models + beside)) {
      alternatives.add(new Alternative(one.name(), 1, one));
    }
    for (Measures one : others.subList(models + beside, others.size())) {
      alternatives.add(new Alternative(one.name(), models, one));
    }
    return alternatives;
  }

  /**
   * One answer to that question.
   *
   * @param what it is
   * @param models that answer an example
   */
  public record Alternative(String what, int models, Measures measures) {}

  /** What is written: a row an example. */
  public OutputRows rows() {
    return new CombinedRows(ensemble.combination());
  }
}
