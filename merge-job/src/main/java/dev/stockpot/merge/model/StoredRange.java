package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.StoredObject;

/** Bytes of an object that are read at once. */
public record StoredRange(StoredObject object, ByteRange bytes) {
  public StoredRange {
    requireNonNull(object, "object is null");
    requireNonNull(bytes, "bytes is null");
  }

  /**
   * Rows of a tensor begin at multiples of a power of two, which a record's own hash leaves in the
   * same few buckets: a quarter of a million of them would be compared with each other.
   */
  @Override
  public int hashCode() {
    long spread = (bytes.begin() + 31 * bytes.end()) * 0x9E37_79B9_7F4A_7C15L;
    return 31 * object.hashCode() + (int) (spread >>> 32);
  }
}
