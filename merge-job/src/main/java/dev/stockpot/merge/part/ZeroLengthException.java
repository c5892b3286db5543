package dev.stockpot.merge.part;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.ElementPlace;

/** A row of zeros was to get a length. */
final class ZeroLengthException extends UserException {
  private static final long serialVersionUID = 1;

  ZeroLengthException(ElementPlace place) {
    super(
        "%s: with the adapter, the row of %s that begins at element %s is all zeros, and DoRA cannot scale it to a length. Use an adapter that leaves this module out"
            .formatted(place.origin(), place.tensor(), place.element()));
  }

  @Override
  public FailureKind kind() {
    return FailureKind.MODEL;
  }
}
