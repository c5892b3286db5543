package dev.stockpot.merge.predict;

import java.util.List;

/**
 * What became of tables of predictions.
 *
 * @param measures of each model, of those beside, and of the ensemble; none without labels
 * @param pairs how unlike the ensemble's models are
 * @param notices what a user should know, though nothing is wrong
 */
public record EnsembleResult(
    Ensemble ensemble,
    long examples,
    long labelled,
    long masked,
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

  /** What is written: a row an example. */
  public OutputRows rows() {
    return new CombinedRows(ensemble.combination());
  }
}
