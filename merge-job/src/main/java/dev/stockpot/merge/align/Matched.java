package dev.stockpot.merge.align;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.matrix.Permutation;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was found of a match.
 *
 * @param likenessBefore sum of the products of the numbers of both models, each unit where it is
 * @param likenessAfter the same in the orders that were found
 * @param distanceBefore the distance of all compared tensors, each unit where it is
 * @param distanceAfter the same in the orders that were found
 */
public record Matched(
    UnitOrders orders,
    double likenessBefore,
    double likenessAfter,
    double distanceBefore,
    double distanceAfter)
    implements Serializable {
  /** Of the likeness: less is rounding. */
  private static final double GAIN = 1e-12;

  public Matched {
    requireNonNull(orders, "orders is null");
  }

  /** Whether units are more alike in these orders than where they were. */
  boolean isGain() {
    return likenessAfter - likenessBefore > GAIN * Math.max(1, Math.abs(likenessBefore));
  }

  /** The same with each unit where it is. */
  Matched staying(Match match) {
    return new Matched(
        match.identity(), likenessBefore, likenessBefore, distanceBefore, distanceBefore);
  }

  /** Whether any unit moves. */
  public boolean moves() {
    return orders.byGroup().values().stream()
        .flatMap(List::stream)
        .anyMatch(order -> order.moved() > 0);
  }

  /** What this is together with what was found behind it, of the model as this leaves it. */
  public Matched then(Matched next) {
    Map<String, List<Permutation>> both = new LinkedHashMap<>();
    orders
        .byGroup()
        .forEach(
            (group, sides) -> {
              List<Permutation> behind = new ArrayList<>();
              for (int side = 0; side < sides.size(); side++) {
                behind.add(next.orders().of(group).get(side).after(sides.get(side)));
              }
              both.put(group, behind);
            });
    return new Matched(
        new UnitOrders(both),
        likenessBefore,
        next.likenessAfter(),
        distanceBefore,
        next.distanceAfter());
  }
}
