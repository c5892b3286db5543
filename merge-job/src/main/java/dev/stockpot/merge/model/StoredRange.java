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
}
