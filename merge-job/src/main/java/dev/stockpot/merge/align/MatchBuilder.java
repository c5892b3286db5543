package dev.stockpot.merge.align;

import dev.stockpot.kernels.methods.matching.UnitShape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts together what must be matched together: groups that meet in a tensor. */
final class MatchBuilder {
  private final ModelUnits units;
  private final Model model;
  private final Model to;
  private final boolean movesResidual;
  private final long seed;

  /**
   * Of two models of one kind.
   *
   * @param units of the one that is aligned
   */
  MatchBuilder(ModelUnits units, Model model, Model to, boolean movesResidual, long seed) {
    this.units = units;
    this.model = model;
    this.to = to;
    this.movesResidual = movesResidual;
    this.seed = seed;
  }

  /** Why tensors cannot be compared; empty if they can. */
  Optional<String> problem() {
    for (Map.Entry<String, ModelUnits.Tensor> tensor : units.tensors().entrySet()) {
      if (isCompared(tensor.getValue())) {
        Optional<String> why = problem(tensor.getKey());
        if (why.isPresent()) {
          return why;
        }
      }
    }
    return moving().isEmpty() ? Optional.of("no units may change places") : Optional.empty();
  }

  private Optional<String> problem(String tensor) {
    TensorSource ours = model.tensors().get(tensor);
    TensorSource theirs = to.tensors().get(tensor);
    if (theirs == null) {
      return Optional.of("the other has no tensor %s".formatted(tensor));
    }
    if (!ours.shape().equals(theirs.shape())) {
      return Optional.of(
          "%s has the shape %s, and the other's %s"
              .formatted(tensor, ours.shape(), theirs.shape()));
    }
    if (!ours.dtype().isReadable() || !theirs.dtype().isReadable()) {
      return Optional.of(
          "%s is %s and %s, and only numbers can be compared"
              .formatted(tensor, ours.dtype(), theirs.dtype()));
    }
    return Optional.empty();
  }

  private boolean mayMove(String group) {
    return movesResidual || !units.groups().get(group).isResidual();
  }

  private Map<String, UnitShape> moving() {
    Map<String, UnitShape> moving = new LinkedHashMap<>();
    units
        .groups()
        .forEach(
            (name, group) -> {
              if (mayMove(name)) {
                moving.put(name, group.shape());
              }
            });
    return moving;
  }

  private boolean isCompared(ModelUnits.Tensor tensor) {
    return tensor.isCompared() && !axes(tensor).stream().allMatch(List::isEmpty);
  }

  /** What lies along each axis and may move. */
  private List<List<UnitsAlong>> axes(ModelUnits.Tensor tensor) {
    return tensor.axes().stream()
        .map(axis -> axis.stream().filter(along -> mayMove(along.group())).toList())
        .toList();
  }

  /** All matches, in the order of their first tensors. */
  List<Match> build() {
    Map<String, String> chiefs = new LinkedHashMap<>();
    moving().keySet().forEach(group -> chiefs.put(group, group));
    List<MatchPair> pairs = new ArrayList<>();
    units
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (isCompared(tensor)) {
                MatchPair pair =
                    new MatchPair(
                        name, to.tensors().get(name), model.tensors().get(name), axes(tensor));
                pairs.add(pair);
                pair.groups().stream().sorted().reduce((one, other) -> united(chiefs, one, other));
              }
            });
    Map<String, List<MatchPair>> together = new LinkedHashMap<>();
    for (MatchPair pair : pairs) {
      String chief = chief(chiefs, pair.groups().iterator().next());
      together.computeIfAbsent(chief, any -> new ArrayList<>()).add(pair);
    }
    List<Match> matches = new ArrayList<>();
    together.forEach((chief, all) -> matches.add(match(chiefs, chief, all)));
    return matches;
  }

  private Match match(Map<String, String> chiefs, String chief, List<MatchPair> pairs) {
    Map<String, UnitShape> groups = new LinkedHashMap<>();
    moving()
        .forEach(
            (group, shape) -> {
              if (chief(chiefs, group).equals(chief)) {
                groups.put(group, shape);
              }
            });
    String name = groups.size() == 1 ? chief : "%s and %s more".formatted(chief, groups.size() - 1);
    return new Match(name, groups, pairs, seed);
  }

  private static String united(Map<String, String> chiefs, String one, String other) {
    String chief = chief(chiefs, one);
    chiefs.put(chief(chiefs, other), chief);
    return chief;
  }

  private static String chief(Map<String, String> chiefs, String group) {
    String at = group;
    while (!chiefs.get(at).equals(at)) {
      at = chiefs.get(at);
    }
    return at;
  }
}
