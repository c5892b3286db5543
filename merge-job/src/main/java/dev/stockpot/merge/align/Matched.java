package dev.stockpot.merge.align;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

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
  public Matched {
    requireNonNull(orders, "orders is null");
  }
}
