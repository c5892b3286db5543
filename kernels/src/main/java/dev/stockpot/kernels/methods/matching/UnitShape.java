package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import java.io.Serializable;
import java.util.List;

/** In what way units of one group may change places. */
public interface UnitShape extends Serializable {
  /** How many places each of its sides has. */
  List<Integer> sides();

  /**
   * The best orders.
   *
   * @param likeness of the units of each side
   * @return the order of each side
   */
  List<Permutation> best(Matrices algebra, List<Matrix> likeness);

  /** The best orders, and how heads are turned in them where that is allowed. */
  default Arrangement arranged(Matrices algebra, List<Matrix> likeness) {
    return new Arrangement(best(algebra, likeness), List.of());
  }

  /** Turns that leave all as it is; none where units only change places. */
  default List<Turn> unturned() {
    return List.of();
  }

  /** What that takes beside the likeness itself. */
  Demand demand();

  /** Each unit where it is. */
  default List<Permutation> identity() {
    return sides().stream().map(Permutation::identity).toList();
  }

  /** Sum of the likeness of all units with those that orders put in their places. */
  default double sum(List<Matrix> likeness, List<Permutation> orders) {
    double sum = 0;
    for (int side = 0; side < orders.size(); side++) {
      sum += BestOrder.sum(likeness.get(side), orders.get(side));
    }
    return sum;
  }

  /** The same where heads are turned, too. */
  default double sum(List<Matrix> likeness, Arrangement arrangement) {
    if (arrangement.turns().isEmpty()) {
      return sum(likeness, arrangement.orders());
    }
    double sum = 0;
    for (int side = 0; side < arrangement.orders().size(); side++) {
      Permutation order = arrangement.orders().get(side);
      Turn turn = arrangement.turns().get(side);
      for (int place = 0; place < order.size(); place++) {
        int head = place / turn.units();
        for (int from = 0; from < turn.units(); from++) {
          double likeThat = likeness.get(side).at(place, order.at(head * turn.units() + from));
          sum += turn.at(head, place % turn.units(), from) * likeThat;
        }
      }
    }
    return sum;
  }
}
