package dev.stockpot.merge.align;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.TensorSource;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The same tensor of two models.
 *
 * @param one of the model that stays as it is
 * @param other of the model whose units are put where those of the first are
 * @param axes what lies along each
 */
public record MatchPair(
    String tensor, TensorSource one, TensorSource other, List<List<UnitsAlong>> axes)
    implements Serializable {
  public MatchPair {
    requireNonNull(tensor, "tensor is null");
    axes = axes.stream().map(List::copyOf).toList();
    if (!one.shape().equals(other.shape()) || axes.size() != one.shape().dimensions().size()) {
      throw new IllegalArgumentException(
          "%s is %s and %s, with %s axes"
              .formatted(tensor, one.shape(), other.shape(), axes.size()));
    }
  }

  public Shape shape() {
    return one.shape();
  }

  /** The groups whose units lie in it. */
  public Set<String> groups() {
    return axes.stream()
        .flatMap(List::stream)
        .map(UnitsAlong::group)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether units of one group lie along more than one axis. */
  public boolean isQuadratic() {
    return axes.stream()
            .mapToLong(axis -> axis.stream().map(UnitsAlong::group).distinct().count())
            .sum()
        > groups().size();
  }

  /** The order of places along each axis; none where all stay. */
  public List<Optional<Permutation>> orders(UnitOrders orders) {
    List<Optional<Permutation>> all = new ArrayList<>();
    for (int axis = 0; axis < axes.size(); axis++) {
      int length = Math.toIntExact(shape().dimensions().get(axis));
      List<UnitsAlong> along = axes.get(axis);
      all.add(
          along.isEmpty()
              ? Optional.empty()
              : Optional.of(UnitsAlong.order(along, orders, length)));
    }
    return all;
  }

  /** Bytes of both in a task's memory. */
  long memory() {
    ElementSpan all = ElementSpan.all(shape());
    Footprint both = one.footprint(all).plus(other.footprint(all));
    return both.memory();
  }
}
