package dev.stockpot.kernels.random;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Uniform random numbers of 32 bits, one for each element of a tensor: a pure function of what the
 * key was made of and of the element's index, so that they are the same whoever computes them and
 * in whatever order. A draw is a 32-bit integer mixer (Wellons' {@code lowbias32}) over the low
 * half of the index, with two keys from a 64-bit hash of everything else; it needs only 32-bit
 * integer operations, which GPU columns have too.
 *
 * @param key hash of seed, model and tensor name
 */
public record RandomStream(long key) implements Serializable {
  /** In the place of a model: what is drawn for the output. */
  public static final int OUTPUT = -1;

  /** In the place of a model: what decides between equal elements. */
  private static final int EQUALS = -2;

  /**
   * The draws for one tensor of one model.
   *
   * @param model place of the model in the recipe, or {@link #OUTPUT}
   */
  public static RandomStream of(long seed, int model, String tensor) {
    long hash = mix64(seed + 0x9E3779B97F4A7C15L);
    hash = mix64(hash ^ model);
    for (byte b : tensor.getBytes(StandardCharsets.UTF_8)) {
      hash = mix64(hash ^ (b & 0xFF)) + 0x9E3779B97F4A7C15L;
    }
    return new RandomStream(hash);
  }

  /**
   * The draws that decide which of a tensor's equal elements are chosen: the same for all models,
   * so that their order does not show.
   */
  public static RandomStream betweenEquals(long seed, String tensor) {
    return of(seed, EQUALS, tensor);
  }

  /** Key of the elements whose index has these upper 32 bits, mixed in before the first round. */
  public int firstKey(long element) {
    return (int) mix64(key ^ (element >>> 32));
  }

  /** The second key, mixed in between the rounds. */
  public int secondKey(long element) {
    return (int) (mix64(key ^ (element >>> 32)) >>> 32);
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

  /**
   * Things in an order that is drawn.
   *
   * @param round of drawing: each has its own numbers
   */
  public <T> List<T> shuffled(List<T> things, long round) {
    List<T> left = new ArrayList<>(things);
    List<T> order = new ArrayList<>();
    int[] drawn = new int[left.size()];
    draw(round * drawn.length, drawn.length, drawn);
    for (int number : drawn) {
      order.add(left.remove(Math.floorMod(number, left.size())));
    }
    return order;
  }

  /** The draw of one element. */
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
