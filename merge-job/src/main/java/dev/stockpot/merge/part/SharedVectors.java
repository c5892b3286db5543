package dev.stockpot.merge.part;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Svd;
import java.util.ArrayList;
import java.util.List;

/**
 * Merges changes by their right singular vectors, for left ones that all of them share.
 *
 * @see <a href="https://arxiv.org/abs/2410.19735">Model merging with SVD to tie the Knots</a>
 */
record SharedVectors(Matrices matrices, MergedChanges rule) {
  /**
   * Merges products.
   *
   * @param allLeft their left factors side by side
   * @param scales of the products
   */
  Matrix merged(Matrix allLeft, List<Matrix> left, List<Matrix> right, double[] scales) {
    int columns = right.get(0).columns();
    try (Svd basis = matrices.svd(allLeft);
        Matrix beside = matrices.zeros(basis.left().rows(), columns * left.size())) {
      for (int i = 0; i < left.size(); i++) {
        Matrix part = beside.window(0, i * columns, beside.rows(), columns);
        try (Matrix rows = matrices.multiply(basis.left(), left.get(i));
            Matrix scaled = matrices.weightedSum(List.of(rows), scales[i])) {
          matrices.addProduct(1, scaled, right.get(i), part);
        }
      }
      try (Svd shared = matrices.svd(beside)) {
        List<Matrix> vectors = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
          Matrix own = shared.right().window(0, i * columns, shared.values().length, columns);
          vectors.add(matrices.copy(own));
        }
        try (Matrix merged = rule.of(matrices, vectors)) {
          vectors.forEach(Matrix::close);
          scaleRows(merged, shared.values());
          try (Matrix upper = matrices.multiply(shared.u(), merged)) {
            return matrices.multiply(basis.u(), upper);
          }
        }
      }
    }
  }

  private static void scaleRows(Matrix matrix, double[] factors) {
    double[] row = new double[matrix.columns()];
    for (int i = 0; i < factors.length; i++) {
      matrix.read(i, 0, row, 0, row.length);
      for (int j = 0; j < row.length; j++) {
        row[j] *= factors[i];
      }
      matrix.write(i, 0, row, 0, row.length);
    }
  }
}
