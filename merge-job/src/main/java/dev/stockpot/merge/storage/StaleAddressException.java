package dev.stockpot.merge.storage;

import java.io.IOException;

/**
 * The address that a task was given to read an object is refused: it has run out, most likely. The
 * driver can ask for another one.
 */
public final class StaleAddressException extends IOException {
  private static final long serialVersionUID = 1;

  public StaleAddressException(Location object) {
    super(
        "%s: its address is refused, also a new one. Fetch the model to a folder or a store first: stockpot fetch"
            .formatted(object));
  }
}
