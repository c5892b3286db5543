package dev.stockpot.merge.storage;

import java.io.IOException;

/**
 * The store did not say whether it made an object visible, and may have done so: nothing was
 * touched any more. The message says what to check.
 */
public final class CommitStateUnknownException extends IOException {
  private static final long serialVersionUID = 1;

  public CommitStateUnknownException(String message, IOException cause) {
    super(message, cause);
  }
}
