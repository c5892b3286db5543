package dev.stockpot.kernels.observe;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is compared with what. The vectors are the models, then the result if there is one: each as
 * its difference to the base, where there is a base, else as it is.
 *
 * @param inputs how many there are
 * @param base place of the base among them, or {@link #NO_BASE}
 * @param hasResult whether the merged tensor is observed too
 */
public record Viewpoint(int inputs, int base, boolean hasResult) implements Serializable {
  public static final int NO_BASE = -1;

  public Viewpoint {
    if (base < NO_BASE || base >= inputs) {
      throw new IllegalArgumentException("base is input %s of %s".formatted(base, inputs));
    }
  }

  public boolean hasBase() {
    return base != NO_BASE;
  }

  /** Places of the inputs that are not the base, in order. */
  public List<Integer> models() {
    return IntStream.range(0, inputs).filter(input -> input != base).boxed().toList();
  }

  int modelCount() {
    return hasBase() ? inputs - 1 : inputs;
  }

  /** How many vectors are compared; the last one is the result, if there is one. */
  public int vectors() {
    return modelCount() + (hasResult ? 1 : 0);
  }

  /** Whether models can pull in different directions. */
  public boolean hasConflicts() {
    return hasBase() && modelCount() > 1;
  }

  // places of the sums: products of vectors, then what follows

  int products() {
    return vectors() * (vectors() + 1) / 2;
  }

  /** Place of the product of two vectors, of which the upper triangle is kept row by row. */
  int product(int a, int b) {
    int low = Math.min(a, b);
    int high = Math.max(a, b);
    return low * vectors() - low * (low - 1) / 2 + high - low;
  }

  /** Place of the squared distance of a model from the result. */
  int distance(int model) {
    return products() + model;
  }

  /** Place of the base's square. */
  int baseSquare() {
    return products() + (hasResult ? modelCount() : 0);
  }

  /** Place of the number of conflicts. */
  int conflicts() {
    return baseSquare() + (hasBase() ? 1 : 0);
  }

  int sums() {
    return conflicts() + (hasConflicts() ? 1 : 0);
  }
}
