package dev.stockpot.merge.run;

/**
 * What trials of a recipe would cost, beside the merge of their choice.
 *
 * @param evaluations at most
 * @param parallel evaluations at a time
 * @param hours after which no more is tried; infinite if nothing ends them early
 * @param together candidates that are made in one reading of the models and lie on scratch at once,
 *     at most
 * @param readings of the models, about
 * @param bytesRead by one reading
 * @param scratch bytes that candidates take beside the output, at most
 */
public record PlannedTrials(
    long evaluations,
    int parallel,
    double hours,
    long together,
    long readings,
    long bytesRead,
    long scratch) {

  /** Bytes of inputs that all candidates take. */
  public long allBytesRead() {
    return readings * bytesRead;
  }
}
