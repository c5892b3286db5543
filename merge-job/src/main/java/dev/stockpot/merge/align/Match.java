package dev.stockpot.merge.align;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.methods.matching.Likeness;
import dev.stockpot.kernels.methods.matching.UnitShape;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Groups of units that are matched together, because tensors join them: one task's work. A group
 * that stands alone is matched once, with a pair of tensors in memory at a time. Several are
 * matched in turn, with all of their tensors in memory, until none gains anything.
 *
 * @param name for people
 * @param groups by name
 * @param activations what tells more of units than their weights do, where it is known
 * @param zipping how units are joined, where activations tell of them and they may go anywhere
 * @param seed of the order in which groups take turns
 */
public record Match(
    String name,
    Map<String, UnitShape> groups,
    List<MatchPair> pairs,
    List<ActivationSums> activations,
    Zipping zipping,
    long seed)
    implements Serializable {
  /** Turns of all groups, about: for estimates of time. */
  private static final int SWEEPS = 8;

  public Match {
    requireNonNull(name, "name is null");
    groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups)); // order is kept
    pairs = List.copyOf(pairs);
    activations = List.copyOf(activations);
  }

  /** Sides of a group of which activations tell, so that weights do not count. */
  public Set<Integer> told(String group) {
    return activations.stream()
        .flatMap(each -> each.along().stream())
        .filter(along -> along.group().equals(group))
        .map(UnitsAlong::side)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether activations tell of all units, so that weights are only to be measured. */
  public boolean isTold() {
    return groups.entrySet().stream()
        .allMatch(group -> told(group.getKey()).size() == group.getValue().sides().size());
  }

  /** Each unit where it is. */
  public UnitOrders identity() {
    return UnitOrders.identity(groups);
  }

  /** Whether units are joined with those of the other model, rather than put in order. */
  public boolean isZipped() {
    return zipping.isWanted()
        && isTold()
        && groups.values().stream().allMatch(shape -> shape.sides().size() == 1);
  }

  /** Whether one look at each pair is enough. */
  public boolean isAlone() {
    return groups.size() == 1 && (isTold() || pairs.stream().noneMatch(MatchPair::isQuadratic));
  }

  /** Bytes that a task needs: tensors of both models, and how alike units are. */
  public long memory() {
    LongStream each =
        LongStream.concat(
            pairs.stream().mapToLong(MatchPair::memory),
            activations.stream().mapToLong(ActivationSums::memory));
    return Math.addExact(isAlone() ? each.max().orElse(0) : each.sum(), working().bytes());
  }

  /** Memory of matrices, of the group that needs most, and operations of all. */
  public Demand working() {
    Demand most = Demand.NONE;
    double operations = 0;
    if (isZipped()) {
      long units = groups.values().iterator().next().sides().get(0);
      Demand stacked = Demand.matrix(2 * units, 2 * units);
      return new Demand(stacked.bytes(), 8 * stacked.operations());
    }
    for (Map.Entry<String, UnitShape> group : groups.entrySet()) {
      Demand sides = Demand.NONE;
      for (int size : group.getValue().sides()) {
        sides = sides.and(Demand.matrix(size, size));
      }
      Demand adding = adding(group.getKey());
      Demand all = sides.and(adding.then(group.getValue().demand()));
      most = most.then(all);
      operations += adding.operations() + group.getValue().demand().operations();
    }
    return new Demand(most.bytes(), operations * (isAlone() ? 1 : SWEEPS));
  }

  private Demand adding(String group) {
    Demand all = Demand.NONE;
    for (MatchPair pair : pairs) {
      long elements = pair.shape().elements();
      for (int axis = 0; axis < pair.axes().size(); axis++) {
        for (UnitsAlong along : pair.axes().get(axis)) {
          if (along.group().equals(group)) {
            long length = pair.shape().dimensions().get(axis);
            long features = elements / length * along.members();
            all = all.then(Likeness.demand(along.units(), features));
          }
        }
      }
    }
    return all;
  }

  /** Why a task cannot do it; empty if it can. */
  Optional<String> problem(long taskBytes) {
    if (!isAlone() && groups.values().stream().anyMatch(it -> !it.unturned().isEmpty())) {
      return Optional.of(
          "tensors join %s with other units, so that its heads cannot be turned; leave out `heads: turned`"
              .formatted(name));
    }
    String more =
        isAlone()
            ? ""
            : ", because %s groups of units are joined and matched together"
                .formatted(groups.size());
    return memory() <= taskBytes
        ? Optional.empty()
        : Optional.of(
            "matching %s takes %s bytes%s, more than a task's %s; raise task-memory"
                .formatted(name, memory(), more, taskBytes));
  }
}
