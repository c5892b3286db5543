package dev.stockpot.merge.align;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.matrix.UpperTriangle;
import dev.stockpot.kernels.method.StatisticLayout;
import dev.stockpot.kernels.methods.matching.MatchingPrograms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Statistics of a model whose units are put elsewhere: they go with them. What has other shapes
 * than the model stays as it is, and is refused by who looks for it.
 */
final class MovedStatistics {
  private static final List<String> OF_ELEMENTS = List.of("", ".exp_avg_sq");
  private static final List<String> OF_OUTPUTS = List.of(".mean", ".m2");

  private final ModelUnits units;
  private final UnitOrders orders;

  MovedStatistics(ModelUnits units, UnitOrders orders) {
    this.units = units;
    this.orders = orders;
  }

  StatisticsCheckpoint of(StatisticsCheckpoint statistics) {
    Map<String, TensorSource> before = statistics.model().tensors();
    Map<String, TensorSource> moved = new LinkedHashMap<>(before);
    Map<String, Double> counts = new LinkedHashMap<>(statistics.counts());
    boolean areInputsFirst = statistics.notes().isTransposed();
    units
        .tensors()
        .forEach(
            (name, where) -> {
              String from = where.from(name, orders);
              for (String end : OF_ELEMENTS) {
                replace(before, from + end, name + end, moved, it -> whole(it, where));
              }
              Optional<String> module = StatisticLayout.moduleOf(name);
              if (module.isPresent()) {
                String other = StatisticLayout.moduleOf(from).orElseThrow();
                ofModule(before, other, module.get(), where, areInputsFirst, moved);
                counts.compute(module.get(), (any, own) -> statistics.counts().get(other));
              }
            });
    return new StatisticsCheckpoint(
        statistics.model().with(moved),
        statistics.notes(),
        counts,
        statistics.faults(),
        statistics.remarks());
  }

  private void ofModule(
      Map<String, TensorSource> before,
      String from,
      String module,
      ModelUnits.Tensor where,
      boolean areInputsFirst,
      Map<String, TensorSource> moved) {
    boolean isVector = where.axes().size() < 2;
    int inputs = isVector || areInputsFirst ? 0 : 1;
    int outputs = isVector || !areInputsFirst ? 0 : 1;
    replace(
        before, from + ".gram_diag", module + ".gram_diag", moved, it -> axis(it, where, inputs));
    if (!isVector) {
      replace(before, from + ".gram", module + ".gram", moved, it -> square(it, where, inputs));
      replace(
          before,
          from + ".gram_upper",
          module + ".gram_upper",
          moved,
          it -> triangle(it, module, where, inputs));
      for (String end : OF_OUTPUTS) {
        replace(before, from + end, module + end, moved, it -> axis(it, where, outputs));
      }
    }
  }

  private interface Moving {
    TensorSource of(TensorSource source);
  }

  private static void replace(
      Map<String, TensorSource> before,
      String from,
      String to,
      Map<String, TensorSource> moved,
      Moving moving) {
    TensorSource source = before.get(from);
    if (source != null) {
      moved.put(to, moving.of(source));
    } else {
      moved.remove(to); // it is of an expert that stands elsewhere now
    }
  }

  /** A number for each element of the tensor. */
  private TensorSource whole(TensorSource source, ModelUnits.Tensor where) {
    List<Long> dimensions = source.shape().dimensions();
    boolean fits = dimensions.size() == where.axes().size();
    for (int axis = 0; fits && axis < dimensions.size(); axis++) {
      fits = fits(where, axis, dimensions.get(axis));
    }
    return fits ? where.view(source, orders) : source;
  }

  private static boolean fits(ModelUnits.Tensor where, int axis, long length) {
    List<UnitsAlong> along = where.axes().get(axis);
    return along.isEmpty() || along.stream().mapToLong(UnitsAlong::places).sum() == length;
  }

  /** The order of places along an axis, if there are so many. */
  private Optional<Permutation> order(ModelUnits.Tensor where, int axis, long length) {
    return axis < where.axes().size() && fits(where, axis, length)
        ? where.order(axis, length, orders)
        : Optional.empty();
  }

  /** A number for each place along one axis of the tensor. */
  private TensorSource axis(TensorSource source, ModelUnits.Tensor where, int axis) {
    return source.shape().dimensions().size() == 1
        ? order(where, axis, source.shape().elements())
            .map(order -> source.reordered(0, order))
            .orElse(source)
        : source;
  }

  /** A number for each two of them. */
  private TensorSource square(TensorSource source, ModelUnits.Tensor where, int axis) {
    List<Long> dimensions = source.shape().dimensions();
    return dimensions.size() == 2 && dimensions.get(0).equals(dimensions.get(1))
        ? order(where, axis, dimensions.get(0))
            .map(order -> source.reordered(0, order).reordered(1, order))
            .orElse(source)
        : source;
  }

  /** The same, of which the upper triangle alone is stored. */
  private TensorSource triangle(
      TensorSource source, String module, ModelUnits.Tensor where, int axis) {
    long places = where.axes().get(axis).stream().mapToLong(UnitsAlong::places).sum();
    Optional<Permutation> order =
        source.shape().equals(Shape.of(UpperTriangle.elements(places)))
            ? order(where, axis, places).filter(it -> it.moved() > 0)
            : Optional.empty();
    return order
        .<TensorSource>map(
            it ->
                new Solved(
                    module + ".gram_upper",
                    source.shape(),
                    DType.F32,
                    List.of(source),
                    MatchingPrograms.orderOfTriangle(it),
                    "places in the order " + Sha256.of(it.bytes())))
        .orElse(source);
  }
}
