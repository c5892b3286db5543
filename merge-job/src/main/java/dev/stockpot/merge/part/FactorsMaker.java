package dev.stockpot.merge.part;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Svd;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.output.RankCut;
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
    tools.watch().merged();
  }

  /** Vectors times the roots of their values, rounded to the output's type. */
  private Operand written(
      Matrices matrices, Matrix vectors, double[] values, boolean turned, OutputTensor tensor) {
    int elements = Math.toIntExact(tensor.shape().elements());
    Operand wide = new Operand(buffer((long) elements * Float.BYTES), DType.F32, elements);
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
      matrices.write(turned ? scaled.transposed() : scaled, wide);
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
