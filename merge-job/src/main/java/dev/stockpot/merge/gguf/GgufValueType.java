package dev.stockpot.merge.gguf;

import java.util.Optional;

/** Types of metadata, in the order of their numbers. */
enum GgufValueType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  /** A length of eight bytes, and so many of UTF-8. */
  STRING(8),
  /** A type, a length of eight bytes, and so many values. */
  ARRAY(12),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  private final int bytes;

  GgufValueType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one, at least. */
  int bytes() {
    return bytes;
  }

  static Optional<GgufValueType> numbered(int number) {
    return number >= 0 && number < values().length
        ? Optional.of(values()[number])
        : Optional.empty();
  }
}
