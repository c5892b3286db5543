package dev.stockpot.merge.align;

import dev.stockpot.kernels.methods.matching.UnitShape;
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

  /** Units that change places together wherever they lie. */
  record Group(String name, UnitShape shape, boolean isResidual) {}

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
