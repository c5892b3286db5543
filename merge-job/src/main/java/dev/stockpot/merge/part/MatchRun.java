package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.methods.matching.UnitShape;
import dev.stockpot.kernels.methods.matching.UnitTensor;
import dev.stockpot.merge.align.Match;
import dev.stockpot.merge.align.MatchPair;
import dev.stockpot.merge.align.Matched;
import dev.stockpot.merge.align.UnitOrders;
import dev.stockpot.merge.model.ElementSpan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds which units of one model are most alike to which of another. */
final class MatchRun {
  private final Match match;
  private final PartTools tools;

  MatchRun(Match match, PartTools tools) {
    this.match = match;
    this.tools = tools;
  }

  /** What is read, one after the other: a pair of tensors at a time, twice, or all at once. */
  List<Load> loads() {
    List<Load> loads = new ArrayList<>();
    if (match.isAlone()) {
      match.pairs().forEach(pair -> loads.add(load(List.of(pair))));
      loads.addAll(List.copyOf(loads)); // distances are measured, and not worked out of likeness
    } else {
      loads.add(load(match.pairs()));
    }
    return loads;
  }

  private Load load(List<MatchPair> pairs) {
    LoadBuilder load = new LoadBuilder(/* checkFinite= */ true, tools.means());
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
      Matched matched = match.isAlone() ? alone(algebra, inputs) : together(algebra, inputs);
      tools.watch().merged();
      return matched;
    }
  }

  private Matched alone(Matrices algebra, ReadAhead inputs) throws IOException {
    Map.Entry<String, UnitShape> group = match.groups().entrySet().iterator().next();
    UnitOrders identity = match.identity();
    UnitOrders best;
    try (GroupLikeness likeness = new GroupLikeness(algebra, group.getKey(), group.getValue())) {
      for (MatchPair pair : match.pairs()) {
        try (Loaded loaded = loaded(inputs)) {
          likeness.add(new TensorPair(pair, loaded.operand(0), loaded.operand(1)), identity);
        }
      }
      best = identity.with(group.getKey(), likeness.best());
    }
    Closeness before = new Closeness();
    Closeness after = new Closeness();
    for (MatchPair pair : match.pairs()) {
      try (Loaded loaded = loaded(inputs)) {
        TensorPair both = new TensorPair(pair, loaded.operand(0), loaded.operand(1));
        before.add(both, identity);
        after.add(both, best);
      }
    }
    return matched(best, before, after);
  }

  private Matched together(Matrices algebra, ReadAhead inputs) throws IOException {
    try (Loaded loaded = loaded(inputs)) {
      List<TensorPair> pairs = new ArrayList<>();
      for (int place = 0; place < match.pairs().size(); place++) {
        pairs.add(
            new TensorPair(
                match.pairs().get(place),
                loaded.operand(2 * place),
                loaded.operand(2 * place + 1)));
      }
      UnitOrders best = new Sweeps(match, pairs, algebra).best();
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
