package dev.stockpot.merge.align;

import dev.stockpot.kernels.methods.matching.UnitShape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be matched so that experts of a layer may change places: each of one model with each
 * of the other, with their units in the best order, and with their rows of the router.
 */
final class ExpertMatches {
  private final ModelUnits units;
  private final Model model;
  private final Model to;
  private final long seed;

  ExpertMatches(ModelUnits units, Model model, Model to, long seed) {
    this.units = units;
    this.model = model;
    this.to = to;
    this.seed = seed;
  }

  /**
   * Experts of one layer.
   *
   * @param group that they are the units of
   * @param members the group of the units of each expert
   * @param matches of each expert with each, those of the first one first
   */
  record Layer(String group, List<String> members, List<Match> matches) {
    Layer {
      members = List.copyOf(members);
      matches = List.copyOf(matches);
    }

    int experts() {
      return members.size();
    }
  }

  /** The layers of experts. */
  List<Layer> layers() {
    Map<String, List<String>> tensors = new LinkedHashMap<>();
    units
        .tensors()
        .forEach(
            (name, tensor) ->
                tensor
                    .expert()
                    .filter(expert -> units.groups().containsKey(expert.group()))
                    .filter(expert -> expert.number() == 0 && tensor.isCompared())
                    .ifPresent(
                        expert ->
                            tensors
                                .computeIfAbsent(expert.group(), any -> new ArrayList<>())
                                .add(name)));
    List<Layer> layers = new ArrayList<>();
    tensors.forEach((group, ofFirst) -> layers.add(layer(group, ofFirst)));
    return layers;
  }

  private Layer layer(String group, List<String> ofFirst) {
    int experts = units.groups().get(group).shape().sides().get(0);
    List<String> members = new ArrayList<>();
    for (int expert = 0; expert < experts; expert++) {
      members.add(member(group, ofFirst.get(0), expert));
    }
    List<Match> matches = new ArrayList<>();
    for (int one = 0; one < experts; one++) {
      for (int other = 0; other < experts; other++) {
        matches.add(match(group, members.get(one), ofFirst, one, other));
      }
    }
    return new Layer(group, members, matches);
  }

  /** The group of an expert's units: what all of its tensors have beside the residual stream. */
  private String member(String group, String ofFirst, int expert) {
    ModelUnits.Tensor tensor = tensor(name(ofFirst, expert));
    return tensor.axes().stream()
        .flatMap(List::stream)
        .map(UnitsAlong::group)
        .filter(each -> !units.groups().get(each).isResidual())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s has no units of its own in %s".formatted(ofFirst, group)));
  }

  private ModelUnits.Tensor tensor(String name) {
    return Optional.ofNullable(units.tensors().get(name))
        .orElseThrow(() -> new IllegalArgumentException("there is no tensor " + name));
  }

  private String name(String ofFirst, int expert) {
    ModelUnits.Tensor tensor = units.tensors().get(ofFirst);
    String letter = tensor.expert().orElseThrow().letter();
    return tensor.names().with(ofFirst, letter, String.valueOf(expert));
  }

  private Match match(String group, String member, List<String> ofFirst, int one, int other) {
    List<MatchPair> pairs = new ArrayList<>();
    for (String name : ofFirst) {
      String ours = name(name, one);
      List<List<UnitsAlong>> axes =
          tensor(ours).axes().stream()
              .map(axis -> axis.stream().filter(it -> it.group().equals(member)).toList())
              .toList();
      tensor(name(name, other));
      pairs.add(
          new MatchPair(
              ours, to.tensors().get(ours), model.tensors().get(name(name, other)), axes));
    }
    units.tensors().forEach((name, where) -> addRouter(pairs, group, name, where, one, other));
    UnitShape shape = units.groups().get(member).shape();
    String name = "%s: %s in the place of %s".formatted(group, other, one);
    return new Match(name, Map.of(member, shape), pairs, List.of(), Zipping.NONE, seed);
  }

  /** What a router says of two experts, of which nothing moves. */
  private void addRouter(
      List<MatchPair> pairs,
      String group,
      String name,
      ModelUnits.Tensor where,
      int one,
      int other) {
    for (int axis = 0; axis < where.axes().size(); axis++) {
      List<UnitsAlong> along = where.axes().get(axis);
      if (along.size() == 1 && along.get(0).group().equals(group) && where.isCompared()) {
        TensorSource ours = to.tensors().get(name).section(axis, one, one + 1L);
        TensorSource theirs = model.tensors().get(name).section(axis, other, other + 1L);
        pairs.add(
            new MatchPair(name, ours, theirs, Collections.nCopies(where.axes().size(), List.of())));
      }
    }
  }
}
