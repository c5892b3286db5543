package dev.stockpot.kernels;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/**
 * Which elements of a tensor a random drop keeps: a pure function of (seed, model, tensor name,
 * element index), so that it is the same whoever computes it and in whatever order. The draw is a
 * 32-bit integer mixer (Wellons' {@code lowbias32}) over the low half of the index, with two keys
 * from a 64-bit hash of everything else; it needs only 32-bit integer operations, which GPU columns
 * have too.
 *
 * @param stream hash of seed, model and tensor name
 * @param keepBelow a draw below this, as an unsigned number of 32 bits, keeps its element
 */
public record RandomDrop(long stream, int keepBelow) implements Serializable {

  /**
   * The draw for one tensor of one model.
   *
   * @param density share of elements to keep, above 0 and below 1
   * @param model place of the model in the recipe
   */
  public static RandomDrop of(long seed, int model, String tensor, double density) {
    if (!(density > 0 && density < 1)) {
      throw new IllegalArgumentException(
          "density is %s, must be between 0 and 1".formatted(density));
    }
    long hash = mix64(seed + 0x9E3779B97F4A7C15L);
    hash = mix64(hash ^ model);
    for (byte b : tensor.getBytes(StandardCharsets.UTF_8)) {
      hash = mix64(hash ^ (b & 0xFF)) + 0x9E3779B97F4A7C15L;
    }
    return new RandomDrop(hash, keepBelow(density));
  }

  /** What a draw is below with that probability, to the nearest 2⁻³². */
  static int keepBelow(double probability) {
    return (int) Math.min((long) (probability * 0x1p32 + 0.5), 0xFFFF_FFFFL);
  }

  /** Key of the elements whose index has these upper 32 bits, mixed in before the first round. */
  public int firstKey(long element) {
    return (int) mix64(stream ^ (element >>> 32));
  }

  /** The second key, mixed in between the rounds. */
  public int secondKey(long element) {
    return (int) (mix64(stream ^ (element >>> 32)) >>> 32);
  }

  /** Whether an element stays. */
  public boolean keeps(long element) {
    int draw = draw((int) element, firstKey(element), secondKey(element));
    return Integer.compareUnsigned(draw, keepBelow) < 0;
  }

  /** The draws of consecutive elements. */
  public void draw(long firstElement, int count, int[] into) {
    for (int i = 0; i < count; ) {
      int firstKey = firstKey(firstElement + i);
      int secondKey = secondKey(firstElement + i);
      long sameKeys = (1L << 32) - (firstElement + i & 0xFFFF_FFFFL);
      int end = (int) Math.min(count, i + sameKeys);
      for (; i < end; i++) {
        into[i] = draw((int) firstElement + i, firstKey, secondKey);
      }
    }
  }

  /** The uniform 32-bit draw of one element. */
  public static int draw(int index, int firstKey, int secondKey) {
    int x = index + firstKey;
    x ^= x >>> 16;
    x *= 0x7feb352d;
    x ^= secondKey;
    x ^= x >>> 15;
    x *= 0x846ca68b;
    x ^= x >>> 16;
    return x;
  }

  /** The finaliser of SplitMix64. */
  private static long mix64(long z) {
    long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
