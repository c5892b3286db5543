package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Qr;
import dev.stockpot.kernels.matrix.Svd;
import dev.stockpot.merge.output.RankCut;
import dev.stockpot.merge.plan.Delta;
import dev.stockpot.merge.plan.Factors;
import java.io.IOException;
import java.util.List;

/** Writes factors as they come of those of adapters, with no singular value looked for. */
record KeptFactors(Factors work, Delta.Products delta, FactorFile file) {
  /** Factors as they are made of those of adapters; what they lack is rounding. */
  void write(Loaded inputs, PartTools tools, PartOutput output) throws IOException {
    try (Matrices matrices = new Matrices(List.of(tools.cpu()), tools.memory(), 1)) {
      List<Operand> operands = MatrixChange.operands(delta, inputs);
      List<Matrix> factors =
          new AdapterProducts(delta, work.module(), operands, matrices).factors();
      Matrix left = factors.get(0);
      Matrix right = factors.get(1);
      Matrix rightOfAll = work.isTurned() ? left.transposed() : right;
      Matrix leftOfAll = work.isTurned() ? right.transposed() : left;
      Operand a = file.rounded(matrices, rightOfAll, work.a());
      Operand b = file.rounded(matrices, leftOfAll, work.b());
      file.write(a, work.a());
      file.write(b, work.b());
      output.addCut(work.module(), cut(matrices, leftOfAll, rightOfAll, b, a));
    }
  }

  /** Of a product and of what was written of it, by the small matrices of their factors' QR. */
  private RankCut cut(Matrices matrices, Matrix left, Matrix right, Operand b, Operand a) {
    int rank = work.rank();
    try (Matrix writtenLeft = matrices.of(b, left.rows(), rank);
        Matrix writtenRight = matrices.of(a, rank, right.columns());
        Svd all = product(matrices, left, right);
        Matrix both = matrices.zeros(left.rows(), 2 * rank);
        Matrix below = matrices.zeros(2 * rank, right.columns())) {
      matrices.addScaled(1, left, both.window(0, 0, left.rows(), rank));
      matrices.addScaled(-1, writtenLeft, both.window(0, rank, left.rows(), rank));
      matrices.addScaled(1, right, below.window(0, 0, rank, right.columns()));
      matrices.addScaled(1, writtenRight, below.window(rank, 0, rank, right.columns()));
      double squares = squares(all);
      double largest = all.values()[0];
      try (Svd rest = product(matrices, both, below)) {
        double norm = Math.sqrt(squares);
        double stable = largest == 0 ? 0 : squares / (largest * largest);
        return new RankCut(rank, norm, norm == 0 ? 0 : Math.sqrt(squares(rest)) / norm, stable);
      }
    }
  }

  private static Svd product(Matrices matrices, Matrix left, Matrix right) {
    try (Qr ofLeft = matrices.qr(left);
        Qr ofRight = matrices.qr(right.transposed());
        Matrix core = matrices.multiply(ofLeft.r(), ofRight.r().transposed())) {
      return matrices.svd(core);
    }
  }

  private static double squares(Svd svd) {
    double sum = 0;
    for (double value : svd.values()) {
      sum += value * value;
    }
    return sum;
  }
}
