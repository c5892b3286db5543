package dev.stockpot.merge.gguf;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;

/** A GGUF file breaks a rule of its format, or holds what is not read here. */
final class GgufException extends UserException {
  private static final long serialVersionUID = 1;

  /** What a broken file needs. */
  static final String AGAIN = "Fetch the file again, or ask those who made it";

  /**
   * A fault.
   *
   * @param what is wrong
   * @param remedy what a user can do about it
   */
  GgufException(Location file, String what, String remedy) {
    super("%s: %s. %s".formatted(file, what, remedy));
  }

  @Override
  public FailureKind kind() {
    return FailureKind.MODEL;
  }
}
