package dev.stockpot.merge.align;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;

/** Which expert of one model goes to the place of which of the other, once all are compared. */
final class ExpertOrder {
  private ExpertOrder() {}

  /**
   * The orders of a layer: of its experts, and of the units of each in its new place.
   *
   * @param found of each of the layer's matches
   */
  static UnitOrders of(ExpertMatches.Layer layer, List<Matched> found) {
    int experts = layer.experts();
    Permutation order = order(found, experts);
    Map<String, List<Permutation>> orders = new LinkedHashMap<>();
    orders.put(layer.group(), List.of(order));
    for (int place = 0; place < experts; place++) {
      String member = layer.members().get(place);
      orders.put(member, found.get(place * experts + order.at(place)).orders().of(member));
    }
    return new UnitOrders(orders);
  }

  /** The match that was chosen for each place. */
  static List<Matched> chosen(ExpertMatches.Layer layer, List<Matched> found) {
    int experts = layer.experts();
    Permutation order = order(found, experts);
    return IntStream.range(0, experts)
        .mapToObj(place -> found.get(place * experts + order.at(place)))
        .toList();
  }

  private static Permutation order(List<Matched> found, int experts) {
    try (RootAllocator memory = new RootAllocator();
        Matrices algebra = new Matrices(List.of(new ScalarProvider()), memory, 1);
        Matrix scores = algebra.zeros(experts, experts)) {
      for (int one = 0; one < experts; one++) {
        for (int other = 0; other < experts; other++) {
          scores.set(one, other, found.get(one * experts + other).likenessAfter());
        }
      }
      return Permutation.of(algebra.assignmentOfMost(scores));
    }
  }
}
