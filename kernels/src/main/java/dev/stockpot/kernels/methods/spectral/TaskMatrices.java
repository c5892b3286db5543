package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/**
 * The task vectors of one matrix, each made when it is wanted: as many as there are would take too
 * much memory.
 *
 * @param base of the matrix
 * @param models in their order
 */
record TaskMatrices(Matrices algebra, MatrixForm form, Matrix base, List<WholeTensor> models) {
  int size() {
    return models.size();
  }

  /** What a model changed, a new matrix. */
  Matrix task(int model) {
    Matrix task = algebra.of(models.get(model).elements(), form.rows(), form.columns());
    algebra.addScaled(-1, base, task);
    return task;
  }

  /** The sum of all, a new matrix. */
  Matrix sum() {
    Matrix sum = algebra.zeros(form.rows(), form.columns());
    for (int model = 0; model < size(); model++) {
      try (Matrix task = task(model)) {
        algebra.addScaled(1, task, sum);
      }
    }
    return sum;
  }
}
