package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import java.util.List;

/**
 * How a group of heads of one model best stands for one of another: heads and units in turn, each
 * with the others as they were found last, until nothing is gained.
 */
final class HeadPairs {
  /** Most rounds; two or three are usual. */
  static final int ROUNDS = 20;

  private static final double GAIN = 1e-12;

  private final Heads shape;
  private final Matrices algebra;
  private final List<Matrix> likeness;

  HeadPairs(Heads shape, Matrices algebra, List<Matrix> likeness) {
    this.shape = shape;
    this.algebra = algebra;
    this.likeness = likeness;
  }

  /**
   * Two groups as one stands for the other.
   *
   * @param heads of queries within the group
   * @param keys units of each head's queries and keys
   * @param values units of each head's values
   */
  record Pair(Permutation heads, Within keys, Within values, double likeness) {}

  Pair of(int one, int other) {
    Within keys = shape.keys().best(algebra, block(Heads.KEY, one, other, shape.keyUnits()));
    Within values =
        shape.values().best(algebra, block(Heads.VALUE, one, other, shape.valueUnits()));
    Pair best = with(one, other, keys, values);
    for (int round = 1; round < ROUNDS; round++) {
      Pair next = improved(one, other, best);
      if (!(next.likeness() > best.likeness() + GAIN * Math.abs(best.likeness()))) {
        return next.likeness() >= best.likeness() ? next : best;
      }
      best = next;
    }
    return best;
  }

  /** Units anew for the heads of a pair, then heads anew for these. */
  private Pair improved(int one, int other, Pair pair) {
    int keyUnits = shape.keyUnits();
    Within keys =
        shape.keys() == UnitMoves.STAY
            ? pair.keys()
            : units(shape.keys(), Heads.KEY, Heads.QUERY, one, other, pair.heads(), keyUnits);
    Within values =
        units(
            shape.values(),
            Heads.VALUE,
            Heads.OUTPUT,
            one,
            other,
            pair.heads(),
            shape.valueUnits());
    return with(one, other, keys, values);
  }

  private Within units(
      UnitMoves moves, int shared, int own, int one, int other, Permutation heads, int units) {
    try (Matrix sum = algebra.copy(block(shared, one, other, units))) {
      for (int head = 0; head < shape.queries(); head++) {
        int ours = one * shape.queries() + head;
        int theirs = other * shape.queries() + heads.at(head);
        algebra.addScaled(1, block(own, ours, theirs, units), sum);
      }
      return moves.best(algebra, sum);
    }
  }

  /** The best heads for units in these orders. */
  private Pair with(int one, int other, Within keys, Within values) {
    int queries = shape.queries();
    try (Matrix scores = algebra.zeros(queries, queries)) {
      for (int i = 0; i < queries; i++) {
        for (int j = 0; j < queries; j++) {
          int ours = one * queries + i;
          int theirs = other * queries + j;
          double score =
              keys.sum(block(Heads.QUERY, ours, theirs, shape.keyUnits()))
                  + values.sum(block(Heads.OUTPUT, ours, theirs, shape.valueUnits()));
          scores.set(i, j, score);
        }
      }
      Permutation heads =
          shape.headsMayMove() ? BestOrder.of(algebra, scores) : Permutation.identity(queries);
      double sum =
          BestOrder.sum(scores, heads)
              + keys.sum(block(Heads.KEY, one, other, shape.keyUnits()))
              + values.sum(block(Heads.VALUE, one, other, shape.valueUnits()));
      return new Pair(heads, keys, values, sum);
    }
  }

  /** Units of one head with those of another. */
  private Matrix block(int side, int one, int other, int units) {
    return likeness.get(side).window(one * units, other * units, units, units);
  }
}
