package dev.stockpot.merge.align;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.methods.matching.Heads;
import dev.stockpot.kernels.methods.matching.UnitShape;
import dev.stockpot.merge.model.TensorSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Units of a model that may change places, and where in its tensors they lie.
 *
 * @param spec the name of the spec that says so
 * @param groups by name, in the order of tensors
 * @param tensors by name; all that the model has
 */
record ModelUnits(String spec, Map<String, Group> groups, Map<String, Tensor> tensors) {

  /**
   * Units that change places together wherever they lie.
   *
   * @param turned the same where heads may be turned; empty where there are none
   */
  record Group(String name, UnitShape shape, Optional<Heads> turned, boolean isResidual) {
    UnitShape shape(boolean isTurned) {
      return isTurned && turned.isPresent() ? turned.get() : shape;
    }
  }

  /**
   * An expert that a tensor is of, and that may stand in another one's place.
   *
   * @param group of experts
   * @param letter of its number in the tensor's name
   */
  record Expert(String group, String letter, int number) {}

  /**
   * Where units lie in a tensor.
   *
   * @param names of the tensors of its kind
   * @param axes what lies along each; nothing where no place may change
   * @param isCompared whether its numbers count when units are matched
   */
  record Tensor(
      TensorPattern names,
      List<List<UnitsAlong>> axes,
      boolean isCompared,
      Optional<Expert> expert) {
    Tensor {
      axes = axes.stream().map(List::copyOf).toList();
    }

    boolean isFixed() {
      return expert.isEmpty() && axes.stream().allMatch(List::isEmpty);
    }

    /** The tensor of the expert that goes to this one's place; itself, if experts stay. */
    String from(String tensor, UnitOrders orders) {
      return expert
          .filter(it -> orders.byGroup().containsKey(it.group()))
          .map(it -> orders.of(it.group()).get(0).at(it.number()))
          .map(number -> names.with(tensor, expert.get().letter(), String.valueOf(number)))
          .orElse(tensor);
    }

    /** The order of all places along an axis; none where all stay. */
    Optional<Permutation> order(int axis, long length, UnitOrders orders) {
      List<UnitsAlong> moving =
          axes.get(axis).stream()
              .filter(along -> orders.byGroup().containsKey(along.group()))
              .toList();
      return moving.isEmpty()
          ? Optional.empty()
          : Optional.of(UnitsAlong.order(moving, orders, Math.toIntExact(length)));
    }

    /** A tensor of this kind with its units in their places. */
    TensorSource view(TensorSource source, UnitOrders orders) {
      TensorSource view = source;
      for (int axis = 0; axis < axes.size(); axis++) {
        Optional<Permutation> order = order(axis, source.shape().dimensions().get(axis), orders);
        view = order.isPresent() ? view.reordered(axis, order.get()) : view;
        view = TurnedView.of(view, axis, axes.get(axis), orders);
      }
      return view;
    }
  }

  /** Groups of units of single experts. */
  Set<String> ofExperts() {
    return tensors.values().stream()
        .filter(tensor -> tensor.expert().isPresent())
        .flatMap(tensor -> tensor.axes().stream())
        .flatMap(List::stream)
        .map(UnitsAlong::group)
        .filter(group -> !groups.get(group).isResidual())
        .collect(Collectors.toUnmodifiableSet());
  }

  ModelUnits {
    groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }
}
