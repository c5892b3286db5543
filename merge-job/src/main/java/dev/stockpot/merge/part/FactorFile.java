package dev.stockpot.merge.part;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Factors;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Rounds the factors of one module, and writes them one behind the other. */
final class FactorFile implements AutoCloseable {
  private final Factors work;
  private final PartTools tools;
  private final PartOutput output;
  private final OwnBuffers buffers;

  FactorFile(Factors work, PartTools tools, PartOutput output) {
    this.work = work;
    this.tools = tools;
    this.output = output;
    this.buffers = new OwnBuffers(tools);
  }

  /** A matrix in the type that is written. */
  Operand rounded(Matrices matrices, Matrix matrix, OutputTensor tensor) {
    int elements = Math.toIntExact(tensor.shape().elements());
    Operand wide = new Operand(buffers.buffer((long) elements * Float.BYTES), DType.F32, elements);
    if (tensor.dtype() == DType.F32) {
      matrices.write(matrix, wide);
    } else {
      matrices.writeToBeRounded(matrix, wide);
    }
    NonFiniteTally broken = new NonFiniteTally(List.of());
    Operand narrow =
        new Operand(
            buffers.buffer(tensor.byteCount()),
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

  void write(Operand made, OutputTensor tensor) throws IOException {
    output.write(made.buffer().nioBuffer(0, Math.toIntExact(tensor.byteCount())));
    output.endTensor(tensor);
  }

  @Override
  public void close() {
    buffers.close();
  }
}
