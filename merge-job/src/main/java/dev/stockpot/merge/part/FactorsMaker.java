package dev.stockpot.merge.part;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Qr;
import dev.stockpot.kernels.matrix.Svd;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.output.RankCut;
import dev.stockpot.merge.plan.Delta;
import dev.stockpot.merge.plan.Factors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Makes both factors of a change: each has the roots of the singular values, so that neither is
 * much larger than the other. How near they come is measured of what is written.
 */
final class FactorsMaker implements SliceMaker {
  private final Factors work;
  private final PartTools tools;
  private final PartOutput output;
  private final List<ArrowBuf> buffers = new ArrayList<>();

  FactorsMaker(Factors work, PartTools tools, PartOutput output) {
    this.work = work;
    this.tools = tools;
    this.output = output;
  }

  @Override
  public void make(Block all, Loaded inputs) throws IOException {
    Optional<Delta.Products> kept =
        work.delta().accept(new Kept()).filter(Delta.Products::keepsFactors);
    if (kept.isPresent()) {
      keep(kept.get(), inputs);
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

  /** Factors as they are made of those of adapters; what they lack is rounding. */
  private void keep(Delta.Products delta, Loaded inputs) throws IOException {
    try (Matrices matrices = new Matrices(List.of(tools.cpu()), tools.memory(), 1)) {
      List<Operand> operands = MatrixChange.operands(delta, inputs);
      List<Matrix> factors =
          new AdapterProducts(delta, work.module(), operands, matrices).factors();
      Matrix left = factors.get(0);
      Matrix right = factors.get(1);
      Matrix rightOfAll = work.isTurned() ? left.transposed() : right;
      Matrix leftOfAll = work.isTurned() ? right.transposed() : left;
      Operand a = rounded(matrices, rightOfAll, work.a());
      Operand b = rounded(matrices, leftOfAll, work.b());
      write(a, work.a());
      write(b, work.b());
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
        return new RankCut(
            rank, norm, norm == 0 ? 0 : Math.sqrt(squares(rest)) / norm, stable);
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
      write(a, work.a());
      write(b, work.b());
      double norm = Math.sqrt(change.squares());
      double left =
          work.isTurned() ? change.withoutTurned(a, b, rank) : change.without(b, a, rank);
      double stable = largest == 0 ? 0 : change.squares() / (largest * largest);
      output.addCut(
          work.module(), new RankCut(rank, norm, norm == 0 ? 0 : left / norm, stable));
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
      return rounded(matrices, turned ? scaled.transposed() : scaled, tensor);
    }
  }

  private Operand rounded(Matrices matrices, Matrix matrix, OutputTensor tensor) {
    int elements = Math.toIntExact(tensor.shape().elements());
    Operand wide = new Operand(buffer((long) elements * Float.BYTES), DType.F32, elements);
    if (tensor.dtype() == DType.F32) {
      matrices.write(matrix, wide);
    } else {
      matrices.writeToBeRounded(matrix, wide);
    }
    NonFiniteTally broken = new NonFiniteTally(List.of());
    Operand narrow =
        new Operand(
            buffer(tensor.byteCount()),
            tensor.dtype(),
            elements,
            Rounding.NEAREST,
            Optional.empty(),
            Optional.of(broken));
    try (Kernels<?> kernels = tools.cpu().open()) {
      FloatOperands.convert(kernels, wide, narrow);
    }
    output.addNonFinite(
        work, work.outputs().indexOf(tensor), tools.settings().checked(broken, tensor));
    return narrow;
  }

  private void write(Operand made, OutputTensor tensor) throws IOException {
    output.write(made.buffer().nioBuffer(0, Math.toIntExact(tensor.byteCount())));
    output.endTensor(tensor);
  }

  private ArrowBuf buffer(long bytes) {
    ArrowBuf buffer = tools.buffer(bytes);
    buffers.add(buffer);
    return buffer;
  }

  @Override
  public void close() {
    buffers.forEach(ArrowBuf::close);
  }
}
