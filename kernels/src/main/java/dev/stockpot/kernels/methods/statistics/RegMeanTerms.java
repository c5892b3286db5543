package dev.stockpot.kernels.methods.statistics;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.WholeTensor;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a tensor is solved for: models with their statistics, and a reference.
 *
 * @param rows as the tensor is stored
 * @param isTransposed whether it is stored as inputs x outputs
 * @param base place of the tensor that is the reference, or {@link #MEAN}
 */
record RegMeanTerms(int rows, int columns, boolean isTransposed, List<Model> models, int base)
    implements Serializable {
  /** The reference is the mean of the models by their weights. */
  static final int MEAN = -1;

  RegMeanTerms {
    models = List.copyOf(models);
  }

  /**
   * A model.
   *
   * @param tensor its place among the inputs
   * @param statistic place of its statistic
   * @param weight its share in the mean
   * @param factor g, on the statistic as it is stored
   */
  record Model(int tensor, int statistic, double weight, double factor) implements Serializable {}

  int inputs() {
    return isTransposed ? rows : columns;
  }

  int outputs() {
    return isTransposed ? columns : rows;
  }

  /**
   * The model whose difference from the mean follows from those of all others: the heaviest, as it
   * is divided by. None where the reference is another, or there are no others.
   */
  Optional<Model> spared() {
    return base == MEAN && models.size() > 1
        ? models.stream().max(Comparator.comparingDouble(model -> Math.abs(model.weight())))
        : Optional.empty();
  }

  /** All models but the one that is spared. */
  List<Model> others() {
    List<Model> others = new ArrayList<>(models);
    spared().ifPresent(others::remove);
    return others;
  }

  /** Of one matrix of the tensor's shape. */
  Demand demand() {
    return Demand.matrix(rows, columns);
  }

  Matrix reference(List<WholeTensor> inputs, Matrices algebra) {
    if (base != MEAN) {
      return inputs.get(base).matrix(algebra);
    }
    double total = models.stream().mapToDouble(Model::weight).sum();
    return algebra.weightedSum(
        models.stream().map(model -> inputs.get(model.tensor()).elements()).toList(),
        rows,
        columns,
        models.stream().mapToDouble(model -> model.weight() / total).toArray());
  }

  /** {@code Wᵢ−R}, as the tensor is stored. */
  Matrix difference(Model model, Matrix reference, List<WholeTensor> inputs, Matrices algebra) {
    Matrix difference = inputs.get(model.tensor()).matrix(algebra);
    algebra.addScaled(-1, reference, difference);
    return difference;
  }
}
