package dev.stockpot.merge;

/**
 * Something a user can mend. The message says what is wrong, where, and the remedy; nobody shows
 * its stack trace.
 */
public class UserException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UserException(String message) {
    super(message);
  }

  public UserException(String message, Throwable cause) {
    super(message, cause);
  }

  /** What it is about. */
  public FailureKind kind() {
    return FailureKind.OTHER;
  }
}
