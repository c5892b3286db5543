package dev.stockpot.merge.align;

import dev.stockpot.kernels.matrix.Permutation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How near a model was to the other one, and is once it is aligned.
 *
 * @param model its name
 */
record AlignmentMeasures(String model) {

  /**
   * Numbers by group.
   *
   * @param found of the plain matches, then of those of experts
   */
  Map<String, Map<String, Double>> of(
      List<Match> plain,
      List<ExpertMatches.Layer> experts,
      UnitOrders orders,
      List<Matched> found) {
    Map<String, Map<String, Double>> measures = new TreeMap<>();
    orders
        .byGroup()
        .forEach(
            (group, sides) -> {
              if (!orders.zips().containsKey(group)) {
                of(measures, group).put("units that moved (share)", moved(sides));
              }
            });
    orders
        .zips()
        .forEach((group, zip) -> of(measures, group).put("features of both (share)", zip.shared()));
    for (int i = 0; i < plain.size(); i++) {
      if (!plain.get(i).isZipped()) {
        tell(of(measures, plain.get(i).name()), found.get(i));
      }
    }
    int first = plain.size();
    for (ExpertMatches.Layer layer : experts) {
      int end = first + layer.matches().size();
      List<Matched> own = found.subList(first, end);
      List<Matched> chosen = ExpertOrder.chosen(layer, own);
      for (int place = 0; place < layer.experts(); place++) {
        Map<String, Double> together = of(measures, layer.members().get(place));
        Matched before = own.get(place * layer.experts() + place);
        Matched after = chosen.get(place);
        tell(
            together,
            new Matched(
                after.orders(),
                before.likenessBefore(),
                after.likenessAfter(),
                before.distanceBefore(),
                after.distanceAfter()));
      }
      first = end;
    }
    return measures;
  }

  private static void tell(Map<String, Double> together, Matched matched) {
    together.put("distance before alignment", matched.distanceBefore());
    together.put("distance after alignment", matched.distanceAfter());
    together.put("likeness before alignment", matched.likenessBefore());
    together.put("likeness after alignment", matched.likenessAfter());
  }

  private Map<String, Double> of(Map<String, Map<String, Double>> measures, String group) {
    return measures.computeIfAbsent("%s of %s".formatted(group, model), any -> new TreeMap<>());
  }

  private static double moved(List<Permutation> sides) {
    double moved = sides.stream().mapToInt(Permutation::moved).sum();
    return moved / sides.stream().mapToInt(Permutation::size).sum();
  }
}
