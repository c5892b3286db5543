package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.methods.matching.Arrangement;
import dev.stockpot.kernels.methods.matching.UnitTensor;
import dev.stockpot.kernels.methods.matching.Zip;
import dev.stockpot.kernels.methods.matching.Zipper;
import dev.stockpot.merge.align.ActivationSums;
import dev.stockpot.merge.align.Match;
import dev.stockpot.merge.align.MatchPair;
import dev.stockpot.merge.align.Matched;
import dev.stockpot.merge.align.UnitOrders;
import dev.stockpot.merge.align.UnitsAlong;
import dev.stockpot.merge.model.ElementSpan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds which units of one model are most alike to which of another. */
final class MatchRun {
  private final Match match;
  private final PartTools tools;

  MatchRun(Match match, PartTools tools) {
    this.match = match;
    this.tools = tools;
  }

  /**
   * What is read, one after the other: activations, then a pair of tensors at a time, twice; or all
   * at once. Distances are measured, and not worked out of likeness.
   */
  List<Load> loads() {
    if (!match.isAlone()) {
      return List.of(load(match.activations(), match.pairs()));
    }
    List<Load> loads = new ArrayList<>();
    match.activations().forEach(sums -> loads.add(load(List.of(sums), List.of())));
    if (match.isZipped()) {
      return loads;
    }
    for (int pass = match.isTold() ? 1 : 0; pass < 2; pass++) {
      match.pairs().forEach(pair -> loads.add(load(List.of(), List.of(pair))));
    }
    return loads;
  }

  private Load load(List<ActivationSums> activations, List<MatchPair> pairs) {
    LoadBuilder load = new LoadBuilder(/* checkFinite= */ true, tools.means());
    for (ActivationSums sums : activations) {
      sums.sources().forEach(source -> load.add(source, ElementSpan.all(source.shape())));
    }
    for (MatchPair pair : pairs) {
      ElementSpan all = ElementSpan.all(pair.shape());
      load.add(pair.one(), all).add(pair.other(), all);
    }
    return load.load(0);
  }

  /** Bytes that are left for what is read. */
  long window() {
    return Math.max(0, tools.settings().taskBytes() - match.working().bytes());
  }

  Matched run(ReadAhead inputs) throws IOException {
    try (Matrices algebra = new Matrices(List.of(tools.cpu()), tools.memory(), 1)) {
      Matched matched =
          match.isZipped()
              ? zipped(algebra, inputs)
              : match.isAlone() ? alone(algebra, inputs) : together(algebra, inputs);
      tools.watch().merged();
      return matched;
    }
  }

  /**
   * Units that are joined: weights are not looked at, and the mean of all inputs' likeness counts.
   */
  private Matched zipped(Matrices algebra, ReadAhead inputs) throws IOException {
    String group = match.groups().keySet().iterator().next();
    int units = match.groups().get(group).sides().get(0);
    try (Matrix likeness = algebra.zeros(2 * units, 2 * units)) {
      for (ActivationSums sums : match.activations()) {
        try (Loaded loaded = loaded(inputs)) {
          ActivityPair pair = ActivityPair.of(sums, loaded::operand);
          int first = 0;
          for (UnitsAlong along : sums.along()) {
            if (along.group().equals(group)) {
              pair.addStacked(first, along.members(), likeness);
            }
            first += along.places();
          }
        }
      }
      Zip zip = Zipper.of(likeness, match.zipping().alpha(), match.zipping().beta());
      return new Matched(match.identity().with(group, zip), 0, zip.shared(), 0, 0);
    }
  }

  private Matched alone(Matrices algebra, ReadAhead inputs) throws IOException {
    String group = match.groups().keySet().iterator().next();
    UnitOrders identity = match.identity();
    Arrangement best;
    double[] objective = new double[2];
    try (GroupLikeness likeness = new GroupLikeness(algebra, group, match)) {
      for (ActivationSums sums : match.activations()) {
        try (Loaded loaded = loaded(inputs)) {
          likeness.add(ActivityPair.of(sums, loaded::operand));
        }
      }
      if (!match.isTold()) {
        for (MatchPair pair : match.pairs()) {
          try (Loaded loaded = loaded(inputs)) {
            likeness.add(new TensorPair(pair, loaded.operand(0), loaded.operand(1)), identity);
          }
        }
      }
      best = likeness.arranged();
      objective[0] = likeness.sum(identity.of(group));
      objective[1] = likeness.sum(best);
    }
    Closeness before = new Closeness();
    Closeness after = new Closeness();
    for (MatchPair pair : match.pairs()) {
      try (Loaded loaded = loaded(inputs)) {
        TensorPair both = new TensorPair(pair, loaded.operand(0), loaded.operand(1));
        before.add(both, identity);
        after.add(both, identity.with(group, best.orders()));
      }
    }
    UnitOrders orders = identity.with(group, best);
    if (!best.turns().isEmpty()) {
      return turned(orders, before, objective[1]);
    }
    return match.activations().isEmpty()
        ? matched(orders, before, after)
        : new Matched(orders, objective[0], objective[1], before.distance(), after.distance());
  }

  /** Turns keep lengths, so that more likeness is as much less distance. */
  private static Matched turned(UnitOrders orders, Closeness before, double likeness) {
    double square = before.distance() * before.distance() + 2 * (before.likeness() - likeness);
    return new Matched(
        orders, before.likeness(), likeness, before.distance(), Math.sqrt(Math.max(0, square)));
  }

  private Matched together(Matrices algebra, ReadAhead inputs) throws IOException {
    try (Loaded loaded = loaded(inputs)) {
      int first = 0;
      List<ActivityPair> activities = new ArrayList<>();
      for (ActivationSums sums : match.activations()) {
        int from = first;
        activities.add(ActivityPair.of(sums, place -> loaded.operand(from + place)));
        first += sums.sources().size();
      }
      List<TensorPair> pairs = new ArrayList<>();
      for (MatchPair pair : match.pairs()) {
        pairs.add(new TensorPair(pair, loaded.operand(first), loaded.operand(first + 1)));
        first += 2;
      }
      UnitOrders best = new Sweeps(match, activities, pairs, algebra).best();
      return matched(best, Closeness.of(pairs, match.identity()), Closeness.of(pairs, best));
    }
  }

  private Loaded loaded(ReadAhead inputs) throws IOException {
    Loaded loaded = inputs.next();
    loaded.assemble(tools.cpu());
    return loaded;
  }

  private static Matched matched(UnitOrders best, Closeness before, Closeness after) {
    return new Matched(
        best, before.likeness(), after.likeness(), before.distance(), after.distance());
  }

  /** The same tensor of both models, in memory. */
  record TensorPair(MatchPair pair, Operand one, Operand other) {
    /** The first one as it is. */
    UnitViews ours() {
      List<Optional<Permutation>> asTheyAre =
          pair.axes().stream().map(any -> Optional.<Permutation>empty()).toList();
      return new UnitViews(one, pair.shape(), asTheyAre);
    }

    /** The other one with its units in some orders. */
    UnitViews theirs(UnitOrders orders) {
      return new UnitViews(other, pair.shape(), pair.orders(orders));
    }
  }

  /** How near tensors are to each other, added up. */
  static final class Closeness {
    private double likeness;
    private double squares;

    static Closeness of(List<TensorPair> pairs, UnitOrders orders) {
      Closeness all = new Closeness();
      pairs.forEach(pair -> all.add(pair, orders));
      return all;
    }

    void add(TensorPair pair, UnitOrders orders) {
      UnitTensor ours = pair.ours().whole();
      UnitTensor theirs = pair.theirs(orders).whole();
      likeness += ours.inner(theirs);
      squares += ours.squaredDistance(theirs);
    }

    double likeness() {
      return likeness;
    }

    double distance() {
      return Math.sqrt(squares);
    }
  }
}
