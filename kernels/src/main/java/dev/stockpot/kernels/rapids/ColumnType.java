package dev.stockpot.kernels.rapids;

/** Element types of columns. 16-bit floats have none of their own: they travel as their bits. */
public enum ColumnType {
  BOOL8(1),
  UINT8(1),
  UINT16(2),
  INT32(4),
  UINT32(4),
  INT64(8),
  UINT64(8),
  FLOAT32(4),
  FLOAT64(8);

  private final int bytes;

  ColumnType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }
}
