package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.Shape;
import java.util.List;

/**
 * A tensor whose heads along an axis are turned.
 *
 * @param axis the first one or the last
 * @param turned heads, each from a place of its own on
 */
record TurnedHeads(Shape shape, int axis, List<MatchingPrograms.Placed> turned)
    implements MatrixProgram {
  TurnedHeads {
    turned = List.copyOf(turned);
    long length = shape.dimensions().get(axis);
    boolean fits = axis == 0 || axis == shape.dimensions().size() - 1;
    for (MatchingPrograms.Placed placed : turned) {
      fits &= placed.first() >= 0 && placed.first() + placed.turn().places() <= length;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "%s do not lie along axis %s of %s".formatted(turned, axis, shape));
    }
  }

  @Override
  public Demand demand() {
    Demand all = Demand.matrix(WholeTensor.rows(shape), WholeTensor.columns(shape));
    Demand each = Demand.NONE;
    for (MatchingPrograms.Placed placed : turned) {
      long units = placed.turn().units();
      long others = shape.elements() / shape.dimensions().get(axis);
      Demand head = Demand.matrix(units, units).and(Demand.product(units, others, units));
      each = each.then(new Demand(head.bytes(), head.operations() * placed.turn().heads()));
    }
    return all.and(each);
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
    try (Matrix all = inputs.get(0).matrix(algebra)) {
      boolean areRows = axis == 0 && shape.dimensions().size() > 1; // a vector is one row
      Matrix byUnits = areRows ? all : all.transposed();
      for (MatchingPrograms.Placed placed : turned) {
        for (int head = 0; head < placed.turn().heads(); head++) {
          turn(algebra, byUnits, placed, head);
        }
      }
      output.write(algebra, all);
    }
  }

  private static void turn(
      Matrices algebra, Matrix byUnits, MatchingPrograms.Placed placed, int head) {
    Turn turn = placed.turn();
    int units = turn.units();
    int others = byUnits.columns();
    Matrix window = byUnits.window(placed.first() + head * units, 0, units, others);
    try (Matrix matrix = algebra.zeros(units, units)) {
      for (int to = 0; to < units; to++) {
        for (int from = 0; from < units; from++) {
          matrix.set(to, from, turn.at(head, to, from));
        }
      }
      try (Matrix product = algebra.multiply(matrix, window)) {
        double[] row = new double[others];
        for (int unit = 0; unit < units; unit++) {
          product.read(unit, 0, row, 0, others);
          window.write(unit, 0, row, 0, others);
        }
      }
    }
  }
}
