package dev.stockpot.merge.align;

import dev.stockpot.kernels.matrix.Permutation;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Units along an axis of a tensor, or along a part of one.
 *
 * @param group whose units they are
 * @param side of the group: the only one, or queries, keys, values, outputs of heads
 * @param units how many
 * @param members places of each, which stay together
 */
public record UnitsAlong(String group, int side, int units, int members) implements Serializable {
  public UnitsAlong {
    if (side < 0 || units < 1 || members < 1) {
      throw new IllegalArgumentException(
          "%s units of %s places on side %s of %s".formatted(units, members, side, group));
    }
  }

  /** Places that they take. */
  public int places() {
    return Math.multiplyExact(units, members);
  }

  /** The order of all places along an axis, on which these lie one behind the other. */
  static Permutation order(List<UnitsAlong> all, UnitOrders orders, int length) {
    int[] places = new int[length];
    Arrays.setAll(places, place -> place);
    int first = 0;
    for (UnitsAlong units : all) {
      Permutation own = orders.of(units.group()).get(units.side()).each(units.members());
      for (int place = 0; place < own.size(); place++) {
        places[first + place] = first + own.at(place);
      }
      first += own.size();
    }
    return Permutation.of(places);
  }
}
