package dev.stockpot.kernels.statistic;

/**
 * Joins CRC-32C checksums (RFC 3720, appendix B.4) of consecutive pieces, so that pieces can be
 * summed anywhere in any order. A checksum is a polynomial over GF(2), its highest power in the
 * lowest bit; to append n bytes multiplies it by x⁸ⁿ.
 */
public final class Crc32c {
  private static final int POLYNOMIAL = 0x82F63B78;
  private static final int ONE = 1 << 31;
  private static final int X8 = ONE >>> 8;

  private Crc32c() {}

  /** The checksum of two pieces, one behind the other. */
  public static int join(int first, int second, long secondLength) {
    return multiply(power(X8, secondLength), first) ^ second;
  }

  private static int power(int base, long exponent) {
    int result = ONE;
    int square = base;
    for (long rest = exponent; rest != 0; rest >>>= 1) {
      if ((rest & 1) != 0) {
        result = multiply(result, square);
      }
      square = multiply(square, square);
    }
    return result;
  }

  private static int multiply(int a, int b) {
    int product = 0;
    int shifted = b;
    for (int power = 0; power < 32; power++) {
      if ((a & (ONE >>> power)) != 0) {
        product ^= shifted;
      }
      shifted = (shifted & 1) == 0 ? shifted >>> 1 : (shifted >>> 1) ^ POLYNOMIAL;
    }
    return product;
  }
}
