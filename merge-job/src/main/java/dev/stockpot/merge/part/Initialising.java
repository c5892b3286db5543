package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Qr;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Numbers;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Initialised;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Fills in elements of a new tensor.
 *
 * @param place of the first byte in the target
 */
record Initialising(Initialised source, ElementSpan span, int to, long place)
    implements AssemblyStep {
  private static final int BLOCK = 4_096;

  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu) {
    ArrowBuf target = buffers.get(to);
    if (!source.initialisation().isOrthogonal()) {
      fill(source.numbers(), span, target, place);
      return;
    }
    ElementSpan all = ElementSpan.all(source.shape());
    try (ArrowBuf whole =
            target.getReferenceManager().getAllocator().buffer(all.count() * Float.BYTES);
        Matrices matrices =
            new Matrices(List.of(cpu), target.getReferenceManager().getAllocator(), 1)) {
      fill(source.numbers(), all, whole, 0);
      orthogonal(matrices, new Operand(whole, DType.F32, Math.toIntExact(all.count())));
      target.setBytes(place, whole, span.first() * Float.BYTES, span.count() * Float.BYTES);
    }
  }

  private static void fill(Numbers numbers, ElementSpan span, ArrowBuf into, long place) {
    for (long done = 0; done < span.count(); done += BLOCK) {
      float[] block = new float[(int) Math.min(BLOCK, span.count() - done)];
      numbers.fill(span.first() + done, block);
      floats(into, place + done * Float.BYTES, block.length).put(block);
    }
  }

  private static FloatBuffer floats(ArrowBuf buffer, long place, int count) {
    return buffer
        .nioBuffer(place, count * Float.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

  /**
   * Orthonormal columns of a tall matrix of draws, or rows of a wide one: the factor Q of QR, with
   * the signs that make the diagonal of R positive, so that all of them are equally likely.
   */
  private void orthogonal(Matrices matrices, Operand tensor) {
    int rows = Math.toIntExact(source.shape().dimensions().get(0));
    int columns = Math.toIntExact(source.shape().columns());
    Matrix drawn = matrices.of(tensor, rows, columns);
    try (Qr qr = matrices.qr(rows < columns ? drawn.transposed() : drawn)) {
      Matrix q = qr.q();
      for (int j = 0; j < q.columns(); j++) {
        double factor = source.initialisation().first() * (qr.r().at(j, j) < 0 ? -1 : 1);
        for (int i = 0; i < q.rows(); i++) {
          q.set(i, j, factor * q.at(i, j));
        }
      }
      matrices.write(rows < columns ? q.transposed() : q, tensor);
    }
  }
}
