package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Permutation;
import java.util.List;

/**
 * Where the units of each side of a group go, and how heads are turned there.
 *
 * @param orders of each side
 * @param turns of each side, once its units are in order; none where units only change places
 */
public record Arrangement(List<Permutation> orders, List<Turn> turns) {
  public Arrangement {
    orders = List.copyOf(orders);
    turns = List.copyOf(turns);
    if (!turns.isEmpty() && turns.size() != orders.size()) {
      throw new IllegalArgumentException(
          "%s sides in order, and %s turned".formatted(orders.size(), turns.size()));
    }
  }
}
