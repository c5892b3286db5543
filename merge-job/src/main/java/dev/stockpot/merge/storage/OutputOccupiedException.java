package dev.stockpot.merge.storage;

import java.io.IOException;

/** The output folder cannot be claimed. The message says what stands in the way and the remedy. */
public final class OutputOccupiedException extends IOException {
  private static final long serialVersionUID = 1;

  public OutputOccupiedException(String message) {
    super(message);
  }
}
