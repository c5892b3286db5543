package dev.stockpot.merge.model;

import dev.stockpot.kernels.number.DType;

/** How codes that are no numbers of a type lie in elements that are, and what they stand for. */
public enum Packing {
  /** Eight in a word of 32 bits, the first one lowest: {@code u - 8}. */
  INT4(DType.I32, 4) {
    @Override
    public float value(int code) {
      return code - 8;
    }
  },
  /** Four in a word of 32 bits, the first one lowest: {@code u - 128}. */
  INT8(DType.I32, 8) {
    @Override
    public float value(int code) {
      return code - 128;
    }
  },
  /** A byte each, as a number with a sign. */
  SIGNED(DType.I8, 8) {
    @Override
    public float value(int code) {
      return (byte) code;
    }
  },
  /** Two in a byte, the first one lower: a sign, two bits of exponent, one of fraction. */
  E2M1(DType.U8, 4) {
    @Override
    public float value(int code) {
      return MAGNITUDES[code & 7] * ((code & 8) == 0 ? 1f : -1f);
    }
  },
  /** A byte each: the exponent of a power of two, 127 more than it is; 255 is NaN. */
  EXPONENT(DType.U8, 8) {
    @Override
    public float value(int code) {
      return code == 255 ? Float.NaN : Math.scalb(1f, code - 127);
    }
  };

  private static final float[] MAGNITUDES = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};

  private final DType dtype;
  private final int bits;

  Packing(DType dtype, int bits) {
    this.dtype = dtype;
    this.bits = bits;
  }

  /** Bits of a code. */
  public int bits() {
    return bits;
  }

  /** How many codes an element holds. */
  public int perElement() {
    return dtype.bits() / bits;
  }

  /** Whether elements of that type can hold such codes: types of as many bits, none of numbers. */
  boolean fits(DType type) {
    return type == dtype || (this == EXPONENT && type == DType.F8_E8M0);
  }

  /** What a code stands for. */
  public abstract float value(int code);
}
