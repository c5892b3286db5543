package dev.stockpot.merge.part;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.stockpot.kernels.number.DType;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * Counts NaN and infinity in stored numbers by their exponents, eight bytes at a time: what is
 * copied passes through no kernels, and must not wait for this.
 *
 * <pre>
 * BF16  s eeeeeeee mmmmmmm        not finite: all e are 1
 * F16   s eeeee mmmmmmmmmm
 * F32   s eeeeeeee mmmmmmm mmmmmmmm mmmmmmmm
 * </pre>
 */
final class NonFiniteBits {
  private static final long EACH_16 = 0x0001_0001_0001_0001L;
  private static final long EACH_32 = 0x0000_0001_0000_0001L;
  private static final long BFLOAT16 = 0x7F80;
  private static final long FLOAT16 = 0x7C00;
  private static final long FLOAT32 = 0x7F80_0000;
  private static final long FLOAT64 = 0x7FF0_0000_0000_0000L;

  /** Longs that are looked at together: what is copied out for that stays in the fastest cache. */
  private static final int BLOCK = 512;

  private NonFiniteBits() {}

  /**
   * How many numbers are NaN or infinite. None of types other than the four that merges write: what
   * is stored in few bits are codes as a rule.
   *
   * @param bytes whole numbers, first to last; neither position nor limit changes
   */
  static long count(DType dtype, ByteBuffer bytes) {
    ByteBuffer stored = bytes.duplicate().order(LITTLE_ENDIAN);
    return switch (dtype) {
      case BF16 -> lanes(stored, BFLOAT16 * EACH_16, 0x7FFF * EACH_16);
      case F16 -> lanes(stored, FLOAT16 * EACH_16, 0x7FFF * EACH_16);
      case F32 -> lanes(stored, FLOAT32 * EACH_32, 0x7FFF_FFFF * EACH_32);
      case F64 -> lanes(stored, FLOAT64, Long.MAX_VALUE);
      default -> 0;
    };
  }

  /**
   * Numbers that lie side by side in eight bytes, each a lane.
   *
   * @param exponent of each lane; its sign bit is 0
   * @param most all bits of each lane but the sign
   */
  private static long lanes(ByteBuffer stored, long exponent, long most) {
    long found = 0;
    long[] block = new long[BLOCK];
    LongBuffer whole = stored.asLongBuffer();
    int rest = stored.remaining() % Long.BYTES;
    while (whole.hasRemaining()) {
      int length = Math.min(block.length, whole.remaining());
      whole.get(block, 0, length);
      if (!areFinite(block, length, exponent, most)) {
        for (int i = 0; i < length; i++) {
          found += count(block[i], exponent, most);
        }
      }
    }
    long last = 0; // of zeros, which are finite
    for (int i = 0; i < rest; i++) {
      last |= (stored.get(stored.limit() - rest + i) & 0xFFL) << (Byte.SIZE * i);
    }
    return found + count(last, exponent, most);
  }

  /** Whether there is nothing to count, as nearly always: this loop becomes one over wide lanes. */
  private static boolean areFinite(long[] block, int length, long exponent, long most) {
    long carries = -1;
    for (int i = 0; i < length; i++) {
      carries &= carries(block[i], exponent, most);
    }
    return (carries | most) == -1;
  }

  private static int count(long lanes, long exponent, long most) {
    return Long.bitCount(~carries(lanes, exponent, most) & ~most);
  }

  /**
   * What misses of the exponent is 0 in lanes where all of it is set; adding all ones carries into
   * the sign of the others.
   */
  private static long carries(long lanes, long exponent, long most) {
    return ((lanes & exponent) ^ exponent) + most;
  }
}
