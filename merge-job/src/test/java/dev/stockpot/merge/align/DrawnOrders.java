package dev.stockpot.merge.align;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.methods.matching.Heads;
import dev.stockpot.kernels.methods.matching.UnitShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random orders of the units of a model, as its spec allows. */
final class DrawnOrders {
  private final Random random;

  DrawnOrders(long seed) {
    this.random = new Random(seed);
  }

  UnitOrders of(Map<String, UnitShape> groups) {
    Map<String, List<Permutation>> orders = new LinkedHashMap<>();
    groups.forEach((name, shape) -> orders.put(name, of(shape)));
    return new UnitOrders(orders);
  }

  private List<Permutation> of(UnitShape shape) {
    return shape instanceof Heads heads ? heads(heads) : List.of(order(shape.sides().get(0)));
  }

  private Permutation order(int size) {
    List<Integer> places = new ArrayList<>();
    for (int place = 0; place < size; place++) {
      places.add(place);
    }
    Collections.shuffle(places, random);
    return Permutation.of(places.stream().mapToInt(Integer::intValue).toArray());
  }

  private List<Permutation> heads(Heads heads) {
    int groups = heads.groups();
    int each = heads.queries();
    Permutation order = heads.headsMayMove() ? order(groups) : Permutation.identity(groups);
    int[] query = new int[heads.sides().get(0)];
    int[] key = new int[heads.sides().get(1)];
    int[] value = new int[heads.sides().get(2)];
    int[] output = new int[heads.sides().get(3)];
    for (int group = 0; group < groups; group++) {
      int k = heads.keyUnits();
      int v = heads.valueUnits();
      Permutation inner = heads.headsMayMove() ? order(each) : Permutation.identity(each);
      Permutation keys = heads.keysMayMove() ? order(k) : Permutation.identity(k);
      Permutation values = order(v);
      fill(key, group, order.at(group), keys);
      fill(value, group, order.at(group), values);
      for (int head = 0; head < each; head++) {
        fill(query, group * each + head, order.at(group) * each + inner.at(head), keys);
        fill(output, group * each + head, order.at(group) * each + inner.at(head), values);
      }
    }
    return List.of(
        Permutation.of(query), Permutation.of(key), Permutation.of(value), Permutation.of(output));
  }

  private static void fill(int[] into, int to, int from, Permutation within) {
    for (int unit = 0; unit < within.size(); unit++) {
      into[to * within.size() + unit] = from * within.size() + within.at(unit);
    }
  }

  /** Where that moves places of tensors. */
  static Map<String, Map<Integer, Permutation>> ofTensors(ModelUnits units, UnitOrders orders) {
    Map<String, Map<Integer, Permutation>> all = new HashMap<>();
    units
        .tensors()
        .forEach(
            (name, tensor) -> {
              Map<Integer, Permutation> axes = new LinkedHashMap<>();
              for (int axis = 0; axis < tensor.axes().size(); axis++) {
                List<UnitsAlong> along = tensor.axes().get(axis);
                if (!along.isEmpty() && orders.byGroup().containsKey(along.get(0).group())) {
                  axes.put(axis, order(along, orders));
                }
              }
              all.put(name, axes);
            });
    return all;
  }

  /** Tensors of experts that go to the places of others, with their units as they are. */
  static Map<String, String> ofNames(ModelUnits units, UnitOrders orders) {
    Map<String, String> from = new HashMap<>();
    units
        .tensors()
        .forEach(
            (name, tensor) ->
                tensor
                    .expert()
                    .ifPresent(
                        expert -> {
                          int other = orders.of(expert.group()).get(0).at(expert.number());
                          from.put(
                              name,
                              tensor.names().with(name, expert.letter(), String.valueOf(other)));
                        }));
    return from;
  }

  private static Permutation order(List<UnitsAlong> along, UnitOrders orders) {
    List<Integer> places = new ArrayList<>();
    for (UnitsAlong units : along) {
      int first = places.size();
      Permutation own = orders.of(units.group()).get(units.side());
      for (int unit = 0; unit < own.size(); unit++) {
        for (int member = 0; member < units.members(); member++) {
          places.add(first + own.at(unit) * units.members() + member);
        }
      }
    }
    return Permutation.of(places.stream().mapToInt(Integer::intValue).toArray());
  }
}
