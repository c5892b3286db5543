package dev.stockpot.merge.align;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.methods.matching.UnitShape;
import java.io.Serializable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Orders of units: which unit of the model that is aligned goes to each place.
 *
 * @param byGroup the order of each side of each group
 */
public record UnitOrders(Map<String, List<Permutation>> byGroup) implements Serializable {
  public UnitOrders {
    byGroup = new TreeMap<>(byGroup); // one order
  }

  /** Each unit where it is. */
  static UnitOrders identity(Map<String, UnitShape> groups) {
    Map<String, List<Permutation>> orders = new LinkedHashMap<>();
    groups.forEach((name, shape) -> orders.put(name, shape.identity()));
    return new UnitOrders(orders);
  }

  /** All of several, which are of different groups. */
  static UnitOrders all(Collection<UnitOrders> several) {
    Map<String, List<Permutation>> orders = new LinkedHashMap<>();
    several.forEach(each -> orders.putAll(each.byGroup));
    return new UnitOrders(orders);
  }

  /** The orders of the sides of a group. */
  public List<Permutation> of(String group) {
    return byGroup.get(group);
  }

  /** These, with others of one group. */
  public UnitOrders with(String group, List<Permutation> sides) {
    Map<String, List<Permutation>> orders = new LinkedHashMap<>(byGroup);
    orders.put(group, sides);
    return new UnitOrders(orders);
  }
}
