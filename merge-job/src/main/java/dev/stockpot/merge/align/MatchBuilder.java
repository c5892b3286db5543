package dev.stockpot.merge.align;

import dev.stockpot.kernels.methods.matching.UnitShape;
import dev.stockpot.merge.model.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts together what must be matched together: groups that meet in a tensor. */
final class MatchBuilder {
  private final ModelUnits units;
  private final Model model;
  private final Model to;
  private final boolean movesResidual;
  private final boolean movesExperts;
  private final boolean turnsHeads;
  private final long seed;
  private final ToldUnits told;
  private final Zipping zipping;
  private final Optional<String> until;
  private final Set<String> behind; // the last group that is wanted
  private final Set<String> experts;
  private final Set<String> ofExperts;

  /**
   * Of two models of one kind.
   *
   * @param units of the one that is aligned
   * @param how what may move beside what always may, and what tells how alike units are
   */
  MatchBuilder(ModelUnits units, Model model, Model to, Aligning how) {
    this.units = units;
    this.model = model;
    this.to = to;
    this.movesResidual = how.moves().residual();
    this.movesExperts = how.moves().experts();
    this.turnsHeads = how.moves().turnsHeads();
    this.seed = how.seed();
    this.zipping = how.zipping();
    this.until = how.until();
    this.behind = behind(units.groups().keySet(), how.until());
    this.experts =
        units.tensors().values().stream()
            .flatMap(tensor -> tensor.expert().stream())
            .map(ModelUnits.Expert::group)
            .collect(Collectors.toUnmodifiableSet());
    this.ofExperts = units.ofExperts();
    this.told = ToldUnits.of(units, model.tensors(), how.activations(), this::mayMove);
  }

  /** Groups behind the last one that is wanted: none, if all are, or none is called so. */
  private static Set<String> behind(Set<String> groups, Optional<String> until) {
    Set<String> behind = new LinkedHashSet<>(groups);
    if (until.filter(groups::contains).isEmpty()) {
      return Set.of();
    }
    for (String group : groups) {
      behind.remove(group);
      if (group.equals(until.get())) {
        break;
      }
    }
    return behind;
  }

  /** Why tensors cannot be compared; empty if they can. */
  Optional<String> problem() {
    Optional<String> unlike = new UnlikeTensors(model, to).first(units);
    if (unlike.isPresent()) {
      return unlike;
    }
    if (until.isPresent() && !units.groups().containsKey(until.get())) {
      return Optional.of(
          "it has no group %s to end with; its groups are %s"
              .formatted(until.get(), String.join(", ", units.groups().keySet())));
    }
    Optional<String> untold = untold().stream().filter(this::isZipped).findFirst();
    if (untold.isPresent()) {
      return Optional.of(
          "statistics tell nothing of the units of %s, which cannot be joined; make them of all layers, or end before it with `until`"
              .formatted(untold.get()));
    }
    if (movesResidual && movesExperts && !experts.isEmpty()) {
      return Optional.of(
          "`residual: free` moves what all experts read, so that these cannot be matched one by"
              + " one; write `experts: fixed` beside it");
    }
    if (turnsHeads && units.groups().values().stream().allMatch(it -> it.turned().isEmpty())) {
      return Optional.of("it has no heads that could be turned; leave out `heads: turned`");
    }
    return moving().isEmpty() && experts.isEmpty()
        ? Optional.of("no units may change places")
        : Optional.empty();
  }

  /** Whether units of a group are matched here; experts are, with their units, by themselves. */
  private boolean mayMove(String group) {
    if (experts.contains(group) || behind.contains(group)) {
      return false;
    }
    boolean isOfExpert = movesExperts && ofExperts.contains(group);
    return !isOfExpert && (movesResidual || !units.groups().get(group).isResidual());
  }

  /** Whether units are put in order, rather than joined. */
  private boolean isOrdered(String group) {
    return mayMove(group) && !isZipped(group);
  }

  private boolean isZipped(String group) {
    return zipping.isWanted() && units.groups().get(group).shape().sides().size() == 1;
  }

  private Map<String, UnitShape> moving() {
    Map<String, UnitShape> moving = new LinkedHashMap<>();
    units
        .groups()
        .forEach(
            (name, group) -> {
              if (mayMove(name)) {
                moving.put(name, group.shape(turnsHeads));
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
        .map(axis -> axis.stream().filter(along -> isOrdered(along.group())).toList())
        .toList();
  }

  /** Layers of experts that are matched. */
  List<ExpertMatches.Layer> expertLayers() {
    return movesExperts ? new ExpertMatches(units, model, to, seed).layers() : List.of();
  }

  /** All matches but those of experts, in the order of their first tensors. */
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
                List<String> linked = pair.groups().stream().sorted().toList();
                linked.forEach(group -> unite(chiefs, linked.get(0), group));
              }
            });
    Map<String, List<MatchPair>> together = new LinkedHashMap<>();
    for (MatchPair pair : pairs) {
      String chief = chief(chiefs, pair.groups().iterator().next());
      together.computeIfAbsent(chief, any -> new ArrayList<>()).add(pair);
    }
    List<Match> matches = new ArrayList<>();
    together.forEach((chief, all) -> matches.add(match(chiefs, chief, all)));
    moving()
        .forEach(
            (group, shape) -> {
              if (isZipped(group)) {
                List<ActivationSums> sums = told.of(Set.of(group));
                matches.add(new Match(group, Map.of(group, shape), List.of(), sums, zipping, seed));
              }
            });
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
    return new Match(name, groups, pairs, told.of(groups.keySet()), Zipping.NONE, seed);
  }

  /** Groups of which activations are wanted and tell nothing. */
  List<String> untold() {
    return moving().keySet().stream().filter(group -> !told.groups().contains(group)).toList();
  }

  private static void unite(Map<String, String> chiefs, String one, String other) {
    chiefs.put(chief(chiefs, other), chief(chiefs, one));
  }

  private static String chief(Map<String, String> chiefs, String group) {
    String at = group;
    while (!chiefs.get(at).equals(at)) {
      at = chiefs.get(at);
    }
    return at;
  }
}
