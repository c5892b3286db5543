package dev.stockpot.merge.storage;

import java.io.IOException;

/** An object is no longer the one that was listed. */
public final class ObjectChangedException extends IOException {
  private static final long serialVersionUID = 1;

  public ObjectChangedException(StoredObject listed, StoredObject now) {
    this(listed, "%s bytes, %s now".formatted(now.size(), now.version()));
  }

  public ObjectChangedException(StoredObject listed, String now) {
    super(
        "%s changed while it was in use: %s bytes, %s when listed; %s. Start again once nobody writes it"
            .formatted(listed.location(), listed.size(), listed.version(), now));
  }
}
