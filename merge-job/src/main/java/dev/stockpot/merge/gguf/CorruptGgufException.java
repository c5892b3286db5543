package dev.stockpot.merge.gguf;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;

/** A file breaks a rule of GGUF, or is no importance matrix. */
final class CorruptGgufException extends UserException {
  private static final long serialVersionUID = 1;

  CorruptGgufException(Location file, String what, String remedy) {
    super("%s: %s. %s".formatted(file, what, remedy));
  }

  @Override
  public FailureKind kind() {
    return FailureKind.MODEL;
  }
}
