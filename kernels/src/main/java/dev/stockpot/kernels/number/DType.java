package dev.stockpot.kernels.number;

import java.util.Arrays;
import java.util.Optional;

/**
 * Element types of the safetensors format, spelled as the format spells them.
 *
 * @see <a href="https://github.com/huggingface/safetensors">safetensors, {@code tensor.rs}</a>
 */
public enum DType {
  BOOL(8, Kind.OTHER),
  F4(4, Kind.OTHER),
  F6_E2M3(6, Kind.OTHER),
  F6_E3M2(6, Kind.OTHER),
  U8(8, Kind.INTEGER),
  I8(8, Kind.INTEGER),
  F8_E5M2(8, Kind.FLOAT8),
  F8_E4M3(8, Kind.FLOAT8),
  F8_E8M0(8, Kind.OTHER),
  /** Without a negative zero and with other exponents than {@link #F8_E5M2}, as on AMD's GPUs. */
  F8_E5M2FNUZ(8, Kind.OTHER),
  F8_E4M3FNUZ(8, Kind.OTHER),
  I16(16, Kind.INTEGER),
  U16(16, Kind.INTEGER),
  F16(16, Kind.FLOAT),
  BF16(16, Kind.FLOAT),
  I32(32, Kind.INTEGER),
  U32(32, Kind.INTEGER),
  F32(32, Kind.FLOAT),
  C64(64, Kind.OTHER),
  F64(64, Kind.FLOAT),
  I64(64, Kind.INTEGER),
  U64(64, Kind.INTEGER);

  private enum Kind {
    FLOAT,
    FLOAT8,
    INTEGER,
    OTHER
  }

  private final int bits;
  private final Kind kind;

  DType(int bits, Kind kind) {
    this.bits = bits;
    this.kind = kind;
  }

  /**
   * Bits of one element. Less than eight for the packed formats, whose tensors fill whole bytes.
   */
  public int bits() {
    return bits;
  }

  /** Bytes of one element of a type that is not packed. */
  public int bytes() {
    if (bits < 8) {
      throw new IllegalStateException(
          "%s elements are %s bits, not whole bytes".formatted(this, bits));
    }
    return bits / 8;
  }

  /** Whether the kernels can widen this type to float32, so that it can be merged. */
  public boolean isReadable() {
    return kind == Kind.FLOAT || kind == Kind.FLOAT8;
  }

  /** Whether the kernels can narrow float32 to this type, so that it can be the result's. */
  public boolean isWritable() {
    return kind == Kind.FLOAT;
  }

  /** Floats of eight bits: read, but never written. */
  public boolean isFloat8() {
    return kind == Kind.FLOAT8;
  }

  /** Integers and booleans: counters and masks, which are copied and never averaged. */
  public boolean isInteger() {
    return kind == Kind.INTEGER || this == BOOL;
  }

  /** The type of that name in a shard header, for example {@code BF16}. */
  public static Optional<DType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
