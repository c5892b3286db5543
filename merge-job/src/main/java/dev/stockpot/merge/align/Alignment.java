package dev.stockpot.merge.align;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Reordered;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A model whose units are to be put where another one has those that are most alike: what is to be
 * matched for that, and the view that is made of what was found.
 */
public final class Alignment {
  private final String name;
  private final Model model;
  private final ModelUnits units;
  private final List<Match> plain;
  private final List<ExpertMatches.Layer> experts;

  private Alignment(
      String name,
      Model model,
      ModelUnits units,
      List<Match> plain,
      List<ExpertMatches.Layer> experts) {
    this.name = name;
    this.model = model;
    this.units = units;
    this.plain = List.copyOf(plain);
    this.experts = List.copyOf(experts);
  }

  /**
   * Prepares to align a model.
   *
   * @param name of the model
   * @param toName of the one that stays as it is
   * @param moves what may move beside units of layers
   * @param spec what says which units may change places; empty: what the model is
   * @param seed of the order in which groups take turns
   * @throws UserException if nothing tells which units may, or the two models are built differently
   */
  public static Alignment of(
      String name,
      Model model,
      String toName,
      Model to,
      Moves moves,
      Optional<Spec> spec,
      long seed) {
    ModelUnits units = units(name, model, spec);
    ModelUnits others = units(toName, to, spec);
    if (!units.groups().equals(others.groups())) {
      throw new UserException(
          "%s cannot be aligned to %s: %s"
              .formatted(name, toName, difference(units.groups(), others.groups())));
    }
    MatchBuilder matches = new MatchBuilder(units, model, to, moves, seed);
    matches
        .problem()
        .ifPresent(
            why -> {
              throw new UserException(
                  "%s cannot be aligned to %s: %s".formatted(name, toName, why));
            });
    return new Alignment(name, model, units, matches.build(), matches.expertLayers());
  }

  private static ModelUnits units(String name, Model model, Optional<Spec> spec) {
    return spec.isPresent()
        ? SpecCatalog.of(name, model, spec.get().rules(), spec.get().file())
        : SpecCatalog.of(name, model);
  }

  private static String difference(
      Map<String, ModelUnits.Group> ours, Map<String, ModelUnits.Group> theirs) {
    for (Map.Entry<String, ModelUnits.Group> group : ours.entrySet()) {
      ModelUnits.Group other = theirs.get(group.getKey());
      if (!group.getValue().equals(other)) {
        return other == null
            ? "it has %s, and the other has no such group of units".formatted(group.getKey())
            : "%s has %s units, and the other's %s"
                .formatted(group.getKey(), group.getValue().shape().sides(), other.shape().sides());
      }
    }
    return "it has no group of units such as %s"
        .formatted(
            theirs.keySet().stream().filter(it -> !ours.containsKey(it)).findFirst().orElse(""));
  }

  /** What is to be matched, each by itself. */
  public List<Match> matches() {
    List<Match> all = new ArrayList<>(plain);
    experts.forEach(layer -> all.addAll(layer.matches()));
    return all;
  }

  /**
   * Why that cannot be done in tasks of so many bytes, with the remedy; empty if it can.
   *
   * @param taskBytes that a task may hold
   */
  public Optional<String> problem(long taskBytes) {
    return matches().stream()
        .flatMap(match -> match.problem(taskBytes).stream())
        .findFirst()
        .map(why -> "%s cannot be aligned: %s".formatted(name, why));
  }

  /** What is to be done, before it is: groups, the largest of them, and what that takes. */
  public String announced() {
    List<Match> matches = matches();
    long most = matches.stream().mapToLong(Match::memory).max().orElse(0);
    double operations = matches.stream().mapToDouble(match -> match.working().operations()).sum();
    long groups =
        matches.stream().flatMap(each -> each.groups().keySet().stream()).distinct().count();
    int largest =
        matches.stream()
            .flatMap(match -> match.groups().values().stream())
            .flatMap(shape -> shape.sides().stream())
            .mapToInt(Integer::intValue)
            .max()
            .orElse(0);
    return String.format(
        Locale.ROOT,
        "%s is aligned by spec %s before it is merged: %s groups of up to %s units, in %s tasks of at most %s bytes and %.3g operations together",
        name,
        units.spec(),
        groups,
        largest,
        matches.size(),
        most,
        operations);
  }

  /** The model as it costs whatever is found: with the last unit of each group first. */
  public Model anyOrder() {
    Map<String, List<Permutation>> orders = new TreeMap<>();
    for (Match match : matches()) {
      match
          .groups()
          .forEach(
              (group, shape) ->
                  orders.put(group, shape.sides().stream().map(Permutation::reversed).toList()));
    }
    return with(new UnitOrders(orders));
  }

  /**
   * The model with its units where they were found to belong.
   *
   * @param found of each match, in their order
   */
  public Model aligned(List<Matched> found) {
    return with(orders(found));
  }

  private UnitOrders orders(List<Matched> found) {
    List<UnitOrders> orders = new ArrayList<>();
    found.subList(0, plain.size()).forEach(matched -> orders.add(matched.orders()));
    int first = plain.size();
    for (ExpertMatches.Layer layer : experts) {
      int end = first + layer.matches().size();
      orders.add(ExpertOrder.of(layer, found.subList(first, end)));
      first = end;
    }
    return UnitOrders.all(orders);
  }

  private Model with(UnitOrders orders) {
    Map<String, TensorSource> tensors = new LinkedHashMap<>(model.tensors());
    units
        .tensors()
        .forEach(
            (tensor, where) ->
                tensors.put(tensor, view(expert(tensor, where, orders), where, orders)));
    return model.with(tensors);
  }

  /** The tensor of the expert that goes to this one's place; itself, if experts stay. */
  private TensorSource expert(String tensor, ModelUnits.Tensor where, UnitOrders orders) {
    Optional<ModelUnits.Expert> expert =
        where.expert().filter(it -> orders.byGroup().containsKey(it.group()));
    if (expert.isEmpty()) {
      return model.tensors().get(tensor);
    }
    int from = orders.of(expert.get().group()).get(0).at(expert.get().number());
    return model
        .tensors()
        .get(where.names().with(tensor, expert.get().letter(), String.valueOf(from)));
  }

  private static TensorSource view(
      TensorSource source, ModelUnits.Tensor where, UnitOrders orders) {
    TensorSource view = source;
    for (int axis = 0; axis < where.axes().size(); axis++) {
      List<UnitsAlong> moving =
          where.axes().get(axis).stream()
              .filter(along -> orders.byGroup().containsKey(along.group()))
              .toList();
      if (!moving.isEmpty()) {
        int length = Math.toIntExact(source.shape().dimensions().get(axis));
        view = Reordered.of(view, axis, UnitsAlong.order(moving, orders, length));
      }
    }
    return view;
  }

  /**
   * Numbers that were found, for reports: of each group the share of its units that moved, of what
   * was matched together how near the models were before and are now.
   */
  public Map<String, Map<String, Double>> measures(List<Matched> found) {
    return new AlignmentMeasures(name).of(plain, experts, orders(found), found);
  }
}
