package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Qr;
import dev.stockpot.kernels.matrix.Svd;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Change;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Reduced;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Takes a part of low rank away from a matrix.
 *
 * @param whole the buffer of all of it
 * @param tile a buffer for the rows that are wanted, as float32
 * @param place of the first byte in the target
 */
record Reducing(Reduced reduced, ElementSpan span, int whole, int tile, int to, long place)
    implements AssemblyStep {
  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu) {
    ArrowBuf read = buffers.get(whole);
    BufferAllocator memory = read.getReferenceManager().getAllocator();
    int rows = Math.toIntExact(reduced.shape().dimensions().get(0));
    int columns = Math.toIntExact(reduced.shape().dimensions().get(1));
    Operand stored = new Operand(read, reduced.base().dtype(), Math.multiplyExact(rows, columns));
    Change.Rows wanted = reduced.rows(span);
    int count = Math.toIntExact(wanted.elements().count());
    try (Matrices matrices = new Matrices(List.of(cpu), memory, 1)) {
      Matrix matrix = matrices.of(stored, rows, columns);
      takeAway(matrices, matrix);
      int first = Math.toIntExact(wanted.first());
      Matrix window = matrix.window(first, 0, Math.toIntExact(wanted.count()), columns);
      matrices.write(window, new Operand(buffers.get(tile), DType.F32, count));
    }
    long before = (span.first() - wanted.elements().first()) * Float.BYTES;
    buffers.get(to).setBytes(place, buffers.get(tile), before, span.count() * Float.BYTES);
  }

  private void takeAway(Matrices matrices, Matrix matrix) {
    switch (reduced.part()) {
      case PRINCIPAL -> {
        try (Svd svd = matrices.svd(matrix)) {
          Matrix left = svd.left().window(0, 0, reduced.rank(), matrix.rows()).transposed();
          takeAway(matrices, left, matrix);
        }
      }
      case FIRST_COLUMNS -> {
        Matrix columns = matrix.window(0, 0, matrix.rows(), reduced.rank());
        try (Qr qr = matrices.qr(columns)) {
          takeAway(matrices, qr.q(), matrix);
        }
      }
    }
  }

  /** {@code matrix −= factor · q (qᵀ matrix)}. */
  private void takeAway(Matrices matrices, Matrix q, Matrix matrix) {
    try (Matrix inner = matrices.multiply(q.transposed(), matrix);
        Matrix scaled = matrices.weightedSum(List.of(inner), reduced.factor())) {
      matrices.addProduct(-1, q, scaled, matrix);
    }
  }
}
