package dev.stockpot.merge.advice;

import java.util.OptionalDouble;

/**
 * How two models are related. A number is not there where it makes no sense: of tensors that are
 * zero, without a base, or where no unit was seen.
 *
 * @param cosine between their weights
 * @param relative distance between them, in units of the geometric mean of their lengths
 * @param fixed share of units whose nearest one in the other model stands in the same place: 0 as
 *     by chance, 1 for all
 * @param taskCosine between their task vectors
 * @param signs share of the elements that both change which they change in one direction
 */
public record Pair(
    String one,
    String other,
    OptionalDouble cosine,
    OptionalDouble relative,
    OptionalDouble fixed,
    OptionalDouble taskCosine,
    OptionalDouble signs) {

  /** What follows. */
  public Verdict verdict() {
    return Verdict.of(this);
  }

  /** Both are the same to the bit, as far as was looked. */
  boolean areSame() {
    return relative.isPresent() && relative.getAsDouble() == 0;
  }
}
