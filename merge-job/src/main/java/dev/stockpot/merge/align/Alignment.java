package dev.stockpot.merge.align;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.methods.matching.Turn;
import dev.stockpot.kernels.methods.matching.Zip;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
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
  private final List<String> untold;
  private final int inputAxis;
  private final Optional<String> until;

  private Alignment(
      String name,
      Model model,
      ModelUnits units,
      List<Match> plain,
      List<ExpertMatches.Layer> experts,
      List<String> untold,
      int inputAxis,
      Optional<String> until) {
    this.name = name;
    this.model = model;
    this.units = units;
    this.plain = List.copyOf(plain);
    this.experts = List.copyOf(experts);
    this.untold = List.copyOf(untold);
    this.inputAxis = inputAxis;
    this.until = until;
  }

  /**
   * Prepares to align a model.
   *
   * @param name of the model
   * @param toName of the one that stays as it is
   * @param how they are to be aligned
   * @throws UserException if nothing tells which units may, the two models are built differently,
   *     or statistics do not fit them
   */
  public static Alignment of(String name, Model model, String toName, Model to, Aligning how) {
    ModelUnits units = units(name, model, how.spec());
    ModelUnits others = units(toName, to, how.spec());
    if (!units.groups().equals(others.groups())) {
      throw new UserException(
          "%s cannot be aligned to %s: %s"
              .formatted(name, toName, difference(units.groups(), others.groups())));
    }
    MatchBuilder matches = new MatchBuilder(units, model, to, how);
    matches
        .problem()
        .ifPresent(
            why -> {
              throw new UserException(
                  "%s cannot be aligned to %s: %s".formatted(name, toName, why));
            });
    return new Alignment(
        name,
        model,
        units,
        matches.build(),
        matches.expertLayers(),
        how.activations().isPresent() ? matches.untold() : List.of(),
        how.activations().map(ActivationFiles::inputAxis).orElse(1),
        how.until());
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
        "%s is aligned by spec %s before it is merged: %s groups of up to %s units, in %s tasks of at most %s bytes and %.3g operations together%s",
        name,
        units.spec(),
        groups,
        largest,
        matches.size(),
        most,
        operations,
        left());
  }

  /** Groups that statistics say nothing of, or that nobody looks at. */
  private String left() {
    String byWeights =
        untold.isEmpty()
            ? ""
            : "; statistics tell nothing of %s of the groups, which are matched by weights, such as %s"
                .formatted(untold.size(), untold.get(0));
    return byWeights
        + until
            .map(last -> "; units behind %s stay apart: `freeze` what has them".formatted(last))
            .orElse("");
  }

  /** The model as it costs whatever is found: with the last unit of each group first. */
  public Model anyOrder() {
    return with(anyOrders());
  }

  /** The other model as it costs whatever is found. */
  public Model anyOther(Model to) {
    return zipped(to, anyOrders(), 0);
  }

  private UnitOrders anyOrders() {
    Map<String, List<Permutation>> orders = new TreeMap<>();
    Map<String, List<Turn>> turns = new TreeMap<>();
    Map<String, Zip> zips = new TreeMap<>();
    for (Match match : matches()) {
      match
          .groups()
          .forEach(
              (group, shape) -> {
                orders.put(group, shape.sides().stream().map(Permutation::reversed).toList());
                if (!shape.unturned().isEmpty()) {
                  turns.put(group, shape.unturned());
                }
                if (match.isZipped()) {
                  zips.put(group, Zip.byPlaces(shape.sides().get(0)));
                }
              });
    }
    return new UnitOrders(orders, turns, zips);
  }

  /**
   * What was found, but where nothing was gained: there each unit stays where it is.
   *
   * @param found of each match, in their order
   * @throws UserException if experts may move, which are matched all with all
   */
  public List<Matched> gained(List<Matched> found) {
    if (!experts.isEmpty()) {
      throw new UserException(
          "%s has experts, which cannot be matched to a mean; write `experts: fixed` beside it"
              .formatted(name));
    }
    List<Matched> gained = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      gained.add(found.get(i).isGain() ? found.get(i) : found.get(i).staying(plain.get(i)));
    }
    return gained;
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
                tensors.put(
                    tensor, where.view(model.tensors().get(where.from(tensor, orders)), orders)));
    return zipped(model.with(tensors), orders, 1);
  }

  /** The other model, which stays as it is but where units of both are joined. */
  public Model other(Model to, List<Matched> found) {
    return zipped(to, orders(found), 0);
  }

  private Model zipped(Model one, UnitOrders orders, int place) {
    if (orders.zips().isEmpty()) {
      return one;
    }
    ZippedView view = new ZippedView(orders.zips(), inputAxis, place);
    Map<String, TensorSource> tensors = new LinkedHashMap<>(one.tensors());
    units
        .tensors()
        .forEach(
            (tensor, where) ->
                tensors.computeIfPresent(tensor, (any, source) -> view.of(source, where.axes())));
    return one.with(tensors);
  }

  /**
   * Statistics of the model, of its units where they were found to belong.
   *
   * @param found of each match, in their order
   */
  public StatisticsCheckpoint aligned(StatisticsCheckpoint statistics, List<Matched> found) {
    return new MovedStatistics(units, orders(found)).of(statistics);
  }

  /**
   * Numbers that were found, for reports: of each group the share of its units that moved, of what
   * was matched together how near the models were before and are now.
   */
  public Map<String, Map<String, Double>> measures(List<Matched> found) {
    return new AlignmentMeasures(name).of(plain, experts, orders(found), found);
  }
}
