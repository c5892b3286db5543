package dev.stockpot.merge.storage;

import static java.util.Objects.requireNonNull;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;

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

  /**
   * Refuses a range that goes beyond its end.
   *
   * @throws EOFException if it does
   */
  public void requireWithin(long position, int bytes) throws EOFException {
    if (bytes > size - position) {
      throw new EOFException(
          "%s ends at byte %s, %s bytes from %s on were wanted"
              .formatted(location, size, bytes, position));
    }
  }

  /**
   * All of its bytes, for a small one.
   *
   * @throws ArithmeticException if it has more than an array can hold
   * @throws java.nio.file.NoSuchFileException if it is gone
   * @throws ObjectChangedException if it is another version now
   */
  public byte[] read(ObjectSource source) throws IOException {
    byte[] content = new byte[Math.toIntExact(size)];
    try (RangeReader reader = source.open(this)) {
      reader.read(0, ByteBuffer.wrap(content));
    }
    return content;
  }
}
