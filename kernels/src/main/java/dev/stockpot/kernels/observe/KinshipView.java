package dev.stockpot.kernels.observe;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which models are compared, and where sums about them stand.
 *
 * @param models how many there are, with the base
 * @param base place of the model that the others began at, or {@link #NO_BASE}
 */
public record KinshipView(int models, int base) implements Serializable {
  public static final int NO_BASE = -1;

  public KinshipView {
    if (models < 2 || base < NO_BASE || base >= models) {
      throw new IllegalArgumentException("base %s of %s models".formatted(base, models));
    }
  }

  public boolean hasBase() {
    return base != NO_BASE;
  }

  /** Places of the models but for the base. */
  public List<Integer> tuned() {
    return IntStream.range(0, models).filter(model -> model != base).boxed().toList();
  }

  /** Pairs of models. */
  public int pairs() {
    return models * (models - 1) / 2;
  }

  /** Place of a pair among the pairs, whichever comes first. */
  public int pair(int i, int j) {
    int first = Math.min(i, j);
    int second = Math.max(i, j);
    if (first == second || first < 0 || second >= models) {
      throw new IllegalArgumentException("%s and %s of %s models".formatted(i, j, models));
    }
    return first * models - first * (first + 1) / 2 + second - first - 1;
  }

  int square(int model) {
    return model;
  }

  int distance(int i, int j) {
    return models + pair(i, j);
  }

  int changed(int model) {
    return models + pairs() + model;
  }

  int changedByBoth(int i, int j) {
    return 2 * models + pairs() + pair(i, j);
  }

  int agreeing(int i, int j) {
    return 2 * models + 2 * pairs() + pair(i, j);
  }

  int sums() {
    return hasBase() ? 2 * models + 3 * pairs() : models + pairs();
  }
}
