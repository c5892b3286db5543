package dev.stockpot.merge;

/**
 * Something a user can mend. The message says what is wrong, where, and the remedy; nobody shows
 * its stack trace. What looks like a key in it is hidden.
 */
public class UserException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UserException(String message) {
    super(Secrets.hidden(message));
  }

  public UserException(String message, Throwable cause) {
    super(Secrets.hidden(message), cause);
  }

  /** What it is about. */
  public FailureKind kind() {
    return FailureKind.OTHER;
  }
}
