package dev.stockpot.merge.part;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.random.RandomStream;
import dev.stockpot.merge.align.Match;
import dev.stockpot.merge.align.MatchPair;
import dev.stockpot.merge.align.UnitOrders;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Matches groups in turn, each with the others as they were found last, until a sweep gains nothing
 * (weight matching). It begins twice: with each unit where it is, and with groups as those find
 * them that are known already, from inputs and outputs on, which do not move. The nearer end
 * counts.
 *
 * @see <a href="https://arxiv.org/abs/2209.04836">Git Re-Basin: Merging Models modulo Permutation
 *     Symmetries</a>
 */
final class Sweeps {
  private static final int MOST = 100;
  private static final double GAIN = 1e-12;

  private final Match match;
  private final List<ActivityPair> activities;
  private final List<MatchRun.TensorPair> pairs;
  private final Matrices algebra;

  Sweeps(
      Match match,
      List<ActivityPair> activities,
      List<MatchRun.TensorPair> pairs,
      Matrices algebra) {
    this.match = match;
    this.activities = List.copyOf(activities);
    this.pairs = pairs;
    this.algebra = algebra;
  }

  UnitOrders best() {
    UnitOrders fromAnchors = swept(anchored());
    UnitOrders fromIdentity = swept(match.identity());
    return distance(fromIdentity) < distance(fromAnchors) ? fromIdentity : fromAnchors;
  }

  private double distance(UnitOrders orders) {
    return MatchRun.Closeness.of(pairs, orders).distance();
  }

  /** Groups one after the other, next the one of which most is known, by what is known alone. */
  private UnitOrders anchored() {
    UnitOrders orders = match.identity();
    Set<String> unknown = new LinkedHashSet<>(match.groups().keySet());
    while (!unknown.isEmpty()) {
      String next = mostKnown(unknown);
      orders = orders.with(next, matched(next, known(next, unknown), orders));
      unknown.remove(next);
    }
    return orders;
  }

  private String mostKnown(Set<String> unknown) {
    String most = "";
    double largest = -1;
    for (String group : unknown) {
      double all = elements(with(group));
      double share = all == 0 ? 0 : elements(known(group, unknown)) / all;
      if (share > largest) {
        largest = share;
        most = group;
      }
    }
    return most;
  }

  private static double elements(List<MatchRun.TensorPair> some) {
    return some.stream().mapToDouble(pair -> pair.pair().shape().elements()).sum();
  }

  private List<MatchRun.TensorPair> with(String group) {
    return pairs.stream().filter(pair -> pair.pair().groups().contains(group)).toList();
  }

  /** Tensors of a group whose other units are all known. */
  private List<MatchRun.TensorPair> known(String group, Set<String> unknown) {
    return with(group).stream()
        .filter(pair -> !pair.pair().isQuadratic())
        .filter(
            pair ->
                pair.pair().groups().stream()
                    .allMatch(other -> other.equals(group) || !unknown.contains(other)))
        .toList();
  }

  private List<Permutation> matched(
      String group, List<MatchRun.TensorPair> some, UnitOrders orders) {
    try (GroupLikeness likeness = likeness(group, some, orders)) {
      return some.isEmpty() && !likeness.isTold() ? orders.of(group) : likeness.best();
    }
  }

  private GroupLikeness likeness(String group, List<MatchRun.TensorPair> some, UnitOrders orders) {
    GroupLikeness likeness = new GroupLikeness(algebra, group, match);
    activities.forEach(likeness::add);
    some.forEach(pair -> likeness.add(pair, orders));
    return likeness;
  }

  private UnitOrders swept(UnitOrders begin) {
    RandomStream draws = RandomStream.of(match.seed(), RandomStream.OUTPUT, match.name());
    UnitOrders orders = begin;
    for (int sweep = 0; sweep < MOST; sweep++) {
      UnitOrders before = orders;
      for (String group : draws.shuffled(List.copyOf(match.groups().keySet()), sweep)) {
        orders = improved(group, orders);
      }
      if (orders.equals(before)) {
        return orders;
      }
    }
    return orders;
  }

  /** The same object, if nothing is gained. */
  private UnitOrders improved(String group, UnitOrders orders) {
    List<MatchRun.TensorPair> some = with(group);
    List<Permutation> found;
    double gain;
    double before;
    boolean isTold;
    try (GroupLikeness likeness = likeness(group, some, orders)) {
      isTold = likeness.isTold();
      found = likeness.best();
      before = likeness.sum(orders.of(group));
      gain = likeness.sum(found) - before;
    }
    UnitOrders next = orders.with(group, found);
    if (!isTold && some.stream().map(MatchRun.TensorPair::pair).anyMatch(MatchPair::isQuadratic)) {
      before = MatchRun.Closeness.of(some, orders).likeness(); // the sum is that of a step too far
      gain = MatchRun.Closeness.of(some, next).likeness() - before;
    }
    return gain > GAIN * Math.max(1, Math.abs(before)) ? next : orders;
  }
}
