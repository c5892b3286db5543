package dev.stockpot.kernels.random;

import java.io.Serializable;

/**
 * Which elements of a tensor a random drop keeps, by the draws of a {@link RandomStream}: a pure
 * function of (seed, model, tensor name, element index).
 *
 * @param stream key of the draws
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
    return of(RandomStream.of(seed, model, tensor), density);
  }

  /** The drop by those draws that keeps an element with that probability. */
  public static RandomDrop of(RandomStream draws, double density) {
    if (!(density > 0 && density < 1)) {
      throw new IllegalArgumentException(
          "density is %s, must be between 0 and 1".formatted(density));
    }
    return new RandomDrop(draws.key(), keepBelow(density));
  }

  /** What a draw is below with that probability, to the nearest 2⁻³². */
  static int keepBelow(double probability) {
    return (int) Math.min((long) (probability * 0x1p32 + 0.5), 0xFFFF_FFFFL);
  }

  public RandomStream draws() {
    return new RandomStream(stream);
  }

  /** Whether an element stays. */
  public boolean keeps(long element) {
    RandomStream draws = draws();
    int draw = RandomStream.draw((int) element, draws.firstKey(element), draws.secondKey(element));
    return Integer.compareUnsigned(draw, keepBelow) < 0;
  }
}
