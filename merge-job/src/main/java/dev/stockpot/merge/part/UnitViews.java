package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.methods.matching.UnitTensor;
import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A tensor in memory as units and features, its axes in some orders.
 *
 * @param orders of places along each axis; none where all stay
 */
record UnitViews(Operand elements, Shape shape, List<Optional<Permutation>> orders) {
  private static final int[] NOTHING = {0};

  /** All of it, the places of the first axis being units. */
  UnitTensor whole() {
    boolean isScalar = shape.dimensions().isEmpty();
    return new UnitTensor(
        elements, isScalar ? NOTHING : along(0), isScalar ? NOTHING : features(0, NOTHING));
  }

  /**
   * Some units along an axis, in the order in which they lie there.
   *
   * @param first place of the first one
   * @param members places of each
   */
  UnitTensor units(int axis, int first, int units, int members) {
    int stride = strides().get(axis);
    int[] places = new int[units];
    for (int unit = 0; unit < units; unit++) {
      places[unit] = (first + unit * members) * stride;
    }
    int[] own = new int[members];
    for (int member = 0; member < members; member++) {
      own[member] = member * stride;
    }
    return new UnitTensor(elements, places, features(axis, own));
  }

  /** Where elements lie behind the first one of a unit: its own members, and all other axes. */
  private int[] features(int unitAxis, int[] own) {
    int[] offsets = NOTHING;
    for (int axis = 0; axis < shape.dimensions().size(); axis++) {
      int[] choices = axis == unitAxis ? own : along(axis);
      int[] more = new int[Math.multiplyExact(offsets.length, choices.length)];
      int at = 0;
      for (int offset : offsets) {
        for (int choice : choices) {
          more[at++] = offset + choice;
        }
      }
      offsets = more;
    }
    return offsets;
  }

  private int[] along(int axis) {
    int stride = strides().get(axis);
    int[] places = new int[Math.toIntExact(shape.dimensions().get(axis))];
    Optional<Permutation> order = orders.get(axis);
    for (int place = 0; place < places.length; place++) {
      places[place] = (order.isPresent() ? order.get().at(place) : place) * stride;
    }
    return places;
  }

  private List<Integer> strides() {
    List<Integer> strides = new ArrayList<>();
    int stride = 1;
    for (int axis = shape.dimensions().size() - 1; axis >= 0; axis--) {
      strides.add(0, stride);
      stride = Math.toIntExact(stride * shape.dimensions().get(axis));
    }
    return strides;
  }
}
