package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Svd;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.output.RankCut;
import dev.stockpot.merge.plan.Delta;
import dev.stockpot.merge.plan.Factors;
import java.io.IOException;
import java.util.Optional;

/**
 * Makes both factors of a change: each has the roots of the singular values, so that neither is
 * much larger than the other. How near they come is measured of what is written.
 */
final class FactorsMaker implements SliceMaker {
  private final Factors work;
  private final PartTools tools;
  private final PartOutput output;
  private final FactorFile factors;

  FactorsMaker(Factors work, PartTools tools, PartOutput output) {
    this.work = work;
    this.tools = tools;
    this.output = output;
    this.factors = new FactorFile(work, tools, output);
  }

  @Override
  public void make(Block all, Loaded inputs) throws IOException {
    Optional<Delta.Products> kept =
        work.delta().accept(new Kept()).filter(Delta.Products::keepsFactors);
    if (kept.isPresent()) {
      new KeptFactors(work, kept.get(), factors).write(inputs, tools, output);
    } else {
      approximate(inputs);
    }
    tools.watch().merged();
  }

  /** Those whose factors may be kept. */
  private static final class Kept implements Delta.Visitor<Optional<Delta.Products>> {
    @Override
    public Optional<Delta.Products> difference(Delta.Difference delta) {
      return Optional.empty();
    }

    @Override
    public Optional<Delta.Products> products(Delta.Products delta) {
      return Optional.of(delta);
    }
  }

  private void approximate(Loaded inputs) throws IOException {
    int rank = work.rank();
    try (MatrixChange change = MatrixChange.of(work, inputs, tools.cpu(), tools.memory())) {
      Operand a;
      Operand b;
      double largest;
      try (Svd svd = change.largest(rank)) {
        Matrix ofRows = work.isTurned() ? svd.right() : svd.left();
        Matrix ofColumns = work.isTurned() ? svd.left() : svd.right();
        double[] values = svd.values();
        largest = values[0];
        a = written(change.matrices(), ofColumns, values, /* turned= */ false, work.a());
        b = written(change.matrices(), ofRows, values, /* turned= */ true, work.b());
      }
      tools.watch().merged(); // else the time of the algebra would count as writing
      factors.write(a, work.a());
      factors.write(b, work.b());
      double norm = Math.sqrt(change.squares());
      double left = work.isTurned() ? change.withoutTurned(a, b, rank) : change.without(b, a, rank);
      double stable = largest == 0 ? 0 : change.squares() / (largest * largest);
      output.addCut(work.module(), new RankCut(rank, norm, norm == 0 ? 0 : left / norm, stable));
    }
  }

  /** Vectors times the roots of their values, rounded to the output's type. */
  private Operand written(
      Matrices matrices, Matrix vectors, double[] values, boolean turned, OutputTensor tensor) {
    try (Matrix scaled = matrices.copy(vectors)) {
      double[] row = new double[scaled.columns()];
      for (int i = 0; i < values.length; i++) {
        double root = Math.sqrt(values[i]);
        scaled.read(i, 0, row, 0, row.length);
        for (int j = 0; j < row.length; j++) {
          row[j] *= root;
        }
        scaled.write(i, 0, row, 0, row.length);
      }
      return factors.rounded(matrices, turned ? scaled.transposed() : scaled, tensor);
    }
  }

  @Override
  public void close() {
    factors.close();
  }
}
