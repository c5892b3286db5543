package dev.stockpot.merge.part;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.methods.matching.Arrangement;
import dev.stockpot.kernels.methods.matching.Likeness;
import dev.stockpot.kernels.methods.matching.UnitShape;
import dev.stockpot.kernels.methods.matching.UnitTensor;
import dev.stockpot.merge.align.Match;
import dev.stockpot.merge.align.UnitOrders;
import dev.stockpot.merge.align.UnitsAlong;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How alike the units of one group are to those of another model, side by side: by their weights
 * or, where these are told, by their activations. Beside sides that are told by correlations others
 * of the group count by the cosines of their weights, so that neither outweighs the other.
 */
final class GroupLikeness implements AutoCloseable {
  private final Matrices algebra;
  private final String group;
  private final UnitShape shape;
  private final Set<Integer> told;
  private final List<Matrix> sides = new ArrayList<>();
  private final List<double[]> ourSquares = new ArrayList<>();
  private final List<double[]> theirSquares = new ArrayList<>();
  private boolean isScaled;

  GroupLikeness(Matrices algebra, String group, Match match) {
    this.algebra = algebra;
    this.group = group;
    this.shape = match.groups().get(group);
    this.told = match.told(group);
    for (int size : shape.sides()) {
      sides.add(algebra.zeros(size, size));
      ourSquares.add(new double[size]);
      theirSquares.add(new double[size]);
    }
  }

  /** Whether activations tell of it. */
  boolean isTold() {
    return !told.isEmpty();
  }

  /** Adds what activations tell wherever the group lies along a module's inputs. */
  void add(ActivityPair pair) {
    int first = 0;
    for (UnitsAlong along : pair.sums().along()) {
      if (along.group().equals(group)) {
        pair.add(first, along.members(), sides.get(along.side()));
      }
      first += along.places();
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
        if (along.group().equals(group) && !told.contains(along.side())) {
          UnitTensor one = ours.units(axis, first, along.units(), along.members());
          UnitTensor other = theirs.units(axis, first, along.units(), along.members());
          Likeness.add(algebra, one, other, sides.get(along.side()));
          if (isTold()) {
            one.addSquares(ourSquares.get(along.side()));
            other.addSquares(theirSquares.get(along.side()));
          }
        }
        first += along.places();
      }
    }
  }

  List<Permutation> best() {
    scale();
    return shape.best(algebra, sides);
  }

  /** The same, and how heads are turned where they may be. */
  Arrangement arranged() {
    scale();
    return shape.arranged(algebra, sides);
  }

  /** Sum of the likeness of all units with those that are put in their places, and turned. */
  double sum(Arrangement arrangement) {
    scale();
    return shape.sum(sides, arrangement);
  }

  /** Makes cosines of the products of weights, once all are added. */
  private void scale() {
    for (int side = 0; isTold() && !isScaled && side < sides.size(); side++) {
      if (!told.contains(side)) {
        Likeness.toCosines(sides.get(side), ourSquares.get(side), theirSquares.get(side));
      }
    }
    isScaled = true;
  }

  /** Sum of the likeness of all units with those that orders put in their places. */
  double sum(List<Permutation> orders) {
    scale();
    return shape.sum(sides, orders);
  }

  @Override
  public void close() {
    sides.forEach(Matrix::close);
  }
}
