package dev.stockpot.merge.part;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.stockpot.kernels.number.DType;
import java.nio.ByteBuffer;

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
    int at = stored.position();
    for (; at <= stored.limit() - Long.BYTES; at += Long.BYTES) {
      found += count(stored.getLong(at), exponent, most);
    }
    long rest = 0; // of zeros, which are finite
    for (int i = 0; at + i < stored.limit(); i++) {
      rest |= (stored.get(at + i) & 0xFFL) << (Byte.SIZE * i);
    }
    return found + count(rest, exponent, most);
  }

  /**
   * A lane is 0 where the whole exponent is set; adding all ones carries into the sign of others.
   */
  private static int count(long lanes, long exponent, long most) {
    long missing = (lanes & exponent) ^ exponent;
    return Long.bitCount(~(missing + most) & ~most);
  }
}
