package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor of one of two models, such that the average of both has the features that their units
 * were joined to. What layers put out is the mean of a feature's units; what they take in, the sum.
 *
 * @param axis along which the units lie
 * @param isOutput whether the layer puts them out
 * @param model 0 for the first, 1 for the other
 */
record ZippedUnits(
    Shape shape, int axis, boolean isOutput, int model, List<MatchingPrograms.Zipped> zipped)
    implements MatrixProgram {
  ZippedUnits {
    zipped = List.copyOf(zipped);
    long places =
        zipped.stream().mapToLong(each -> (long) each.zip().units() * each.members()).sum();
    if (places != shape.dimensions().get(axis)) {
      throw new IllegalArgumentException(
          "%s places do not fill axis %s of %s".formatted(places, axis, shape));
    }
  }

  @Override
  public Demand demand() {
    return Demand.matrix(runs(), length() * inner());
  }

  private long length() {
    return shape.dimensions().get(axis);
  }

  /** Elements of each place that follow each other. */
  private long inner() {
    return product(axis + 1, shape.dimensions().size());
  }

  /** How often the axis is run through. */
  private long runs() {
    return product(0, axis);
  }

  private long product(int first, int end) {
    return shape.dimensions().subList(first, end).stream().reduce(1L, Math::multiplyExact);
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
    int runs = Math.toIntExact(runs());
    int inner = Math.toIntExact(inner());
    int columns = Math.toIntExact(length() * inner);
    try (Matrix all = algebra.of(inputs.get(0).elements(), runs, columns)) {
      double[] from = new double[columns];
      double[] to = new double[columns];
      for (int run = 0; run < runs; run++) {
        all.read(run, 0, from, 0, columns);
        Arrays.fill(to, 0);
        int first = 0;
        for (MatchingPrograms.Zipped each : zipped) {
          add(each, from, to, first, inner);
          first += each.zip().units() * each.members();
        }
        all.write(run, 0, to, 0, columns);
      }
      output.write(algebra, all);
    }
  }

  private void add(MatchingPrograms.Zipped each, double[] from, double[] to, int first, int inner) {
    int width = each.members() * inner;
    for (int unit = 0; unit < each.zip().units(); unit++) {
      int feature = each.zip().feature(model, unit);
      double share = isOutput ? 2.0 / each.zip().size(feature) : 1;
      for (int i = 0; i < width; i++) {
        to[first * inner + feature * width + i] += share * from[first * inner + unit * width + i];
      }
    }
  }
}
