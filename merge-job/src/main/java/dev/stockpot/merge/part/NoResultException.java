package dev.stockpot.merge.part;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.output.OutputTensor;

/** The numbers of some inputs allow no result. */
final class NoResultException extends UserException {
  private static final long serialVersionUID = 1;

  NoResultException(OutputTensor output, IllegalArgumentException why) {
    super(
        "%s cannot be made: %s. Look at its inputs, models and statistics"
            .formatted(output.name(), why.getMessage()),
        why);
  }

  @Override
  public FailureKind kind() {
    return FailureKind.MODEL;
  }
}
