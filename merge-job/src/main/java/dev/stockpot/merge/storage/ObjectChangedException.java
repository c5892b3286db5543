package dev.stockpot.merge.storage;

import java.io.IOException;

/** An object is no longer the one that was listed. */
public final class ObjectChangedException extends IOException {
  private static final long serialVersionUID = 1;

  public ObjectChangedException(StoredObject listed, String now) {
    super(
        "%s changed while it was in use: %s when listed, %s now. Start again once nobody writes it"
            .formatted(listed.location(), listed.version(), now));
  }
}
