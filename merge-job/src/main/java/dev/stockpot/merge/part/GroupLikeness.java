package dev.stockpot.merge.part;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.methods.matching.Likeness;
import dev.stockpot.kernels.methods.matching.UnitShape;
import dev.stockpot.merge.align.UnitOrders;
import dev.stockpot.merge.align.UnitsAlong;
import java.util.ArrayList;
import java.util.List;

/** How alike the units of one group are to those of another model, side by side. */
final class GroupLikeness implements AutoCloseable {
  private final Matrices algebra;
  private final String group;
  private final UnitShape shape;
  private final List<Matrix> sides = new ArrayList<>();

  GroupLikeness(Matrices algebra, String group, UnitShape shape) {
    this.algebra = algebra;
    this.group = group;
    this.shape = shape;
    for (int size : shape.sides()) {
      sides.add(algebra.zeros(size, size));
    }
  }

  /**
   * Adds what a tensor tells wherever the group lies in it.
   *
   * @param orders of the units along its other axes
   */
  void add(MatchRun.TensorPair pair, UnitOrders orders) {
    List<List<UnitsAlong>> axes = pair.pair().axes();
    UnitViews ours = pair.ours();
    UnitViews theirs = pair.theirs(orders);
    for (int axis = 0; axis < axes.size(); axis++) {
      int first = 0;
      for (UnitsAlong along : axes.get(axis)) {
        if (along.group().equals(group)) {
          Likeness.add(
              algebra,
              ours.units(axis, first, along.units(), along.members()),
              theirs.units(axis, first, along.units(), along.members()),
              sides.get(along.side()));
        }
        first += along.places();
      }
    }
  }

  List<Permutation> best() {
    return shape.best(algebra, sides);
  }

  /** Sum of the likeness of all units with those that orders put in their places. */
  double sum(List<Permutation> orders) {
    return shape.sum(sides, orders);
  }

  @Override
  public void close() {
    sides.forEach(Matrix::close);
  }
}
