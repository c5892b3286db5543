package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Heads of attention. Groups of heads that share keys and values may change places, and so may the
 * heads within a group, and units within a head: values together with what the output takes of
 * them, queries together with keys, unless these are turned by their positions. Where units may be
 * turned no place within a head means anything. Sides are queries, keys, values and outputs.
 *
 * @param groups heads of keys and values
 * @param queries heads of queries for each of them
 * @param keyUnits units of a head's queries and keys
 * @param valueUnits units of a head's values
 * @param keys what units of a head's queries and keys may do
 * @param values what those of its values may do
 * @param headsMayMove whether heads and groups of them may
 */
public record Heads(
    int groups,
    int queries,
    int keyUnits,
    int valueUnits,
    UnitMoves keys,
    UnitMoves values,
    boolean headsMayMove)
    implements UnitShape {
  static final int QUERY = 0;
  static final int KEY = 1;
  static final int VALUE = 2;
  static final int OUTPUT = 3;

  public Heads {
    if (groups < 1 || queries < 1 || keyUnits < 1 || valueUnits < 1) {
      throw new IllegalArgumentException(
          "%s groups of %s heads of %s and %s units"
              .formatted(groups, queries, keyUnits, valueUnits));
    }
  }

  /** Heads whose units change places. */
  public Heads(
      int groups,
      int queries,
      int keyUnits,
      int valueUnits,
      boolean keysMayMove,
      boolean headsMayMove) {
    this(
        groups,
        queries,
        keyUnits,
        valueUnits,
        keysMayMove ? UnitMoves.PERMUTE : UnitMoves.STAY,
        UnitMoves.PERMUTE,
        headsMayMove);
  }

  /** These heads, their values turned, and queries and keys as they may be. */
  public Heads turned(UnitMoves keysTurned) {
    return new Heads(
        groups, queries, keyUnits, valueUnits, keysTurned, UnitMoves.TURN, headsMayMove);
  }

  /** Whether units of queries and keys may change places. */
  public boolean keysMayMove() {
    return keys == UnitMoves.PERMUTE;
  }

  @Override
  public List<Integer> sides() {
    return List.of(
        groups * queries * keyUnits,
        groups * keyUnits,
        groups * valueUnits,
        groups * queries * valueUnits);
  }

  @Override
  public List<Permutation> best(Matrices algebra, List<Matrix> likeness) {
    return arranged(algebra, likeness).orders();
  }

  @Override
  public Arrangement arranged(Matrices algebra, List<Matrix> likeness) {
    HeadPairs pairs = new HeadPairs(this, algebra, likeness);
    Permutation order = headsMayMove ? order(algebra, pairs) : Permutation.identity(groups);
    List<HeadPairs.Pair> chosen = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      chosen.add(pairs.of(group, order.at(group)));
    }
    List<Permutation> orders =
        List.of(
            side(order, chosen, queries, keyUnits, HeadPairs.Pair::keys),
            side(order, chosen, 1, keyUnits, HeadPairs.Pair::keys),
            side(order, chosen, 1, valueUnits, HeadPairs.Pair::values),
            side(order, chosen, queries, valueUnits, HeadPairs.Pair::values));
    return turns()
        ? new Arrangement(
            orders,
            List.of(
                turn(chosen, queries, keyUnits, HeadPairs.Pair::keys),
                turn(chosen, 1, keyUnits, HeadPairs.Pair::keys),
                turn(chosen, 1, valueUnits, HeadPairs.Pair::values),
                turn(chosen, queries, valueUnits, HeadPairs.Pair::values)))
        : new Arrangement(orders, List.of());
  }

  private boolean turns() {
    return keys.turns() || values.turns();
  }

  @Override
  public List<Turn> unturned() {
    return turns()
        ? List.of(
            Turn.none(keyUnits, groups * queries),
            Turn.none(keyUnits, groups),
            Turn.none(valueUnits, groups),
            Turn.none(valueUnits, groups * queries))
        : List.of();
  }

  private static Turn turn(List<HeadPairs.Pair> chosen, int heads, int units, Side side) {
    double[][] matrices = new double[chosen.size() * heads][];
    Arrays.setAll(matrices, head -> side.of(chosen.get(head / heads)).matrix());
    return new Turn(units, matrices);
  }

  private Permutation order(Matrices algebra, HeadPairs pairs) {
    try (Matrix scores = algebra.zeros(groups, groups)) {
      for (int one = 0; one < groups; one++) {
        for (int other = 0; other < groups; other++) {
          scores.set(one, other, pairs.of(one, other).likeness());
        }
      }
      return BestOrder.of(algebra, scores);
    }
  }

  /** Units within a head, of a pair. */
  private interface Side {
    Within of(HeadPairs.Pair pair);
  }

  private static Permutation side(
      Permutation order, List<HeadPairs.Pair> chosen, int heads, int units, Side side) {
    int[] all = new int[order.size() * heads * units];
    Arrays.setAll(
        all,
        place -> {
          int group = place / (heads * units);
          HeadPairs.Pair pair = chosen.get(group);
          int head = place / units % heads;
          int from = heads == 1 ? 0 : pair.heads().at(head);
          return (order.at(group) * heads + from) * units + side.of(pair).at(place % units);
        });
    return Permutation.of(all);
  }

  @Override
  public Demand demand() {
    long units = Math.max(keyUnits, valueUnits);
    double pairs = (double) groups * groups;
    Demand assignments =
        keys.demand(keyUnits).then(values.demand(valueUnits)).and(BestOrder.demand(queries));
    double all =
        pairs * HeadPairs.ROUNDS * (assignments.operations() + (double) queries * queries * units);
    return new Demand(
        Demand.matrix(units, units).each(2).bytes()
            + Demand.matrix(groups, groups).bytes()
            + Demand.matrix(queries, queries).bytes()
            + assignments.bytes(),
        all);
  }
}
