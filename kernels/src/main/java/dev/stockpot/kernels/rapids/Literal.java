package dev.stockpot.kernels.rapids;

/**
 * One number, for operations that have the same for all elements.
 *
 * @param bits as an element of that type holds them, in the lowest bytes
 */
public record Literal(ColumnType type, long bits) {
  public static final Literal FALSE = new Literal(ColumnType.BOOL8, 0);

  public static Literal of(float value) {
    return new Literal(ColumnType.FLOAT32, Float.floatToRawIntBits(value) & 0xFFFF_FFFFL);
  }

  public static Literal float64(double value) {
    return new Literal(ColumnType.FLOAT64, Double.doubleToRawLongBits(value));
  }

  public static Literal uint16(int value) {
    return new Literal(ColumnType.UINT16, value & 0xFFFF);
  }

  public static Literal int32(int value) {
    return new Literal(ColumnType.INT32, value & 0xFFFF_FFFFL);
  }

  public static Literal uint32(int value) {
    return new Literal(ColumnType.UINT32, value & 0xFFFF_FFFFL);
  }

  public static Literal uint64(long value) {
    return new Literal(ColumnType.UINT64, value);
  }
}
