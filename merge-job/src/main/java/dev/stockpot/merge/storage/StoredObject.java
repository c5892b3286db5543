package dev.stockpot.merge.storage;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * An object as it was when it was listed.
 *
 * @param size in bytes
 * @param version what changes when the object does: an entity tag, or a time of change; empty where
 *     the store has none
 */
public record StoredObject(Location location, long size, String version) implements Serializable {
  public StoredObject {
    requireNonNull(location, "location is null");
    requireNonNull(version, "version is null");
    if (size < 0) {
      throw new IllegalArgumentException("%s has %s bytes".formatted(location, size));
    }
  }
}
