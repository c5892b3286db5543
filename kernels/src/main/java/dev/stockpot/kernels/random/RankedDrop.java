package dev.stockpot.kernels.random;

import java.io.Serializable;

/**
 * A random drop that prefers large elements: within a row, the probability to stay rises evenly
 * with the rank of an element's magnitude, from {@code density - epsilon} for the smallest to
 * {@code density + epsilon} for the largest. Of equal magnitudes the one that comes first has the
 * lower rank. The draws are those of a {@link RandomDrop}.
 *
 * @param stream hash of seed, model and tensor name
 * @param density probability in the middle of a row, and in a row of one element
 */
public record RankedDrop(long stream, double density, double epsilon) implements Serializable {

  /**
   * The drop for one tensor of one model.
   *
   * @param model place of the model in the recipe
   * @throws IllegalArgumentException if a probability is not between 0 and 1
   */
  public static RankedDrop of(long seed, int model, String tensor, double density, double epsilon) {
    if (!(epsilon >= 0 && density - epsilon > 0 && density + epsilon < 1)) {
      throw new IllegalArgumentException(
          "density is %s ± %s, must be between 0 and 1".formatted(density, epsilon));
    }
    return new RankedDrop(RandomDrop.of(seed, model, tensor, density).stream(), density, epsilon);
  }

  /**
   * A draw below this, as an unsigned number of 32 bits, keeps the element of that rank.
   *
   * @param rank from 0 for the smallest magnitude
   * @param count elements of the row
   */
  public int keepBelow(int rank, int count) {
    if (count == 1) {
      return RandomDrop.keepBelow(density);
    }
    double share = (double) rank / (count - 1);
    return RandomDrop.keepBelow((density - epsilon) + 2 * epsilon * share);
  }

  /** The same draws for all ranks alike. */
  public RandomDrop unranked() {
    return new RandomDrop(stream, RandomDrop.keepBelow(density));
  }
}
