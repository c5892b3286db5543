package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;

/** A file of a tokenizer cannot be used. */
final class TokenizerException extends UserException {
  private static final long serialVersionUID = 1;

  /**
   * What is wrong, and what to do.
   *
   * @param file its place
   */
  TokenizerException(String file, String problem) {
    super("%s: %s".formatted(file, problem));
  }

  TokenizerException(String file, String problem, Throwable cause) {
    super("%s: %s".formatted(file, problem), cause);
  }

  @Override
  public FailureKind kind() {
    return FailureKind.MODEL;
  }
}
