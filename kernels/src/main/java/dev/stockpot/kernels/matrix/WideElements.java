package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.Bfloat16;

/** Elements of a tensor, a row of them at a time, each widened exactly. */
final class WideElements {
  private final Operand from;
  private final short[] shorts;
  private final float[] floats;

  /**
   * Those of a tensor.
   *
   * @param length of a row
   */
  WideElements(Operand from, int length) {
    this.from = from;
    this.shorts = new short[length];
    this.floats = new float[length];
  }

  /** Reads a row from that element on. */
  void read(int at, double[] into) {
    switch (from.dtype()) {
      case BF16 -> {
        from.shorts().get(at, shorts);
        for (int i = 0; i < into.length; i++) {
          into[i] = Bfloat16.toFloat(shorts[i]);
        }
      }
      case F32 -> {
        from.floats().get(at, floats);
        for (int i = 0; i < into.length; i++) {
          into[i] = floats[i];
        }
      }
      case F64 -> from.doubles().get(at, into);
      default -> {
        for (int i = 0; i < into.length; i++) {
          into[i] = from.at(at + i);
        }
      }
    }
  }
}
