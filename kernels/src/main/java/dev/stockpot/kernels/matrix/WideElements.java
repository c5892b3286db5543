package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.Bfloat16;

/** Elements of a tensor, some at a time, each widened exactly. */
public final class WideElements {
  private final Operand from;
  private final short[] shorts;
  private final float[] floats;

  /**
   * Those of a tensor.
   *
   * @param most that are read at once
   */
  public WideElements(Operand from, int most) {
    this.from = from;
    this.shorts = new short[most];
    this.floats = new float[most];
  }

  /** Reads as many as there is room for, from that element on. */
  void read(int at, double[] into) {
    read(at, into, into.length);
  }

  /** Reads so many, from that element on, to the begin of an array. */
  public void read(int at, double[] into, int count) {
    switch (from.dtype()) {
      case BF16 -> {
        from.shorts().get(at, shorts, 0, count);
        for (int i = 0; i < count; i++) {
          into[i] = Bfloat16.toFloat(shorts[i]);
        }
      }
      case F32 -> {
        from.floats().get(at, floats, 0, count);
        for (int i = 0; i < count; i++) {
          into[i] = floats[i];
        }
      }
      case F64 -> from.doubles().get(at, into, 0, count);
      default -> {
        for (int i = 0; i < count; i++) {
          into[i] = from.at(at + i);
        }
      }
    }
  }
}
