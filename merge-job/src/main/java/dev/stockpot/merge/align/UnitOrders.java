package dev.stockpot.merge.align;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.methods.matching.Arrangement;
import dev.stockpot.kernels.methods.matching.Turn;
import dev.stockpot.kernels.methods.matching.UnitShape;
import dev.stockpot.kernels.methods.matching.Zip;
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
 * @param turns of heads, of each side of groups whose heads are turned once they are in order
 * @param zips of groups whose units are joined with those of the other model, and not put in order
 */
public record UnitOrders(
    Map<String, List<Permutation>> byGroup, Map<String, List<Turn>> turns, Map<String, Zip> zips)
    implements Serializable {
  public UnitOrders {
    byGroup = new TreeMap<>(byGroup); // one order
    turns = new TreeMap<>(turns);
    zips = new TreeMap<>(zips);
  }

  /** Orders alone. */
  UnitOrders(Map<String, List<Permutation>> byGroup) {
    this(byGroup, Map.of(), Map.of());
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
    Map<String, List<Turn>> turns = new LinkedHashMap<>();
    several.forEach(each -> orders.putAll(each.byGroup));
    several.forEach(each -> turns.putAll(each.turns));
    Map<String, Zip> zips = new LinkedHashMap<>();
    several.forEach(each -> zips.putAll(each.zips));
    return new UnitOrders(orders, turns, zips);
  }

  /** The orders of the sides of a group. */
  public List<Permutation> of(String group) {
    return byGroup.get(group);
  }

  /** These, with others of one group. */
  public UnitOrders with(String group, List<Permutation> sides) {
    Map<String, List<Permutation>> orders = new LinkedHashMap<>(byGroup);
    orders.put(group, sides);
    return new UnitOrders(orders, turns, zips);
  }

  /** These, with the units of a group joined. */
  public UnitOrders with(String group, Zip zip) {
    Map<String, Zip> joined = new LinkedHashMap<>(zips);
    joined.put(group, zip);
    return new UnitOrders(byGroup, turns, joined);
  }

  /** These, with a group arranged otherwise. */
  public UnitOrders with(String group, Arrangement arrangement) {
    Map<String, List<Turn>> turned = new LinkedHashMap<>(turns);
    if (!arrangement.turns().isEmpty()) {
      turned.put(group, arrangement.turns());
    }
    return new UnitOrders(with(group, arrangement.orders()).byGroup, turned, zips);
  }
}
