package dev.stockpot.merge.part;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.plan.Whole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;

/** Makes a tensor of whole tensors, on the CPU, with matrices in the task's memory. */
final class WholeMaker implements SliceMaker {
  /** Tasks run side by side, one for each core. */
  private static final int THREADS = 1;

  private final Whole work;
  private final PartTools tools;
  private final PartOutput output;
  private final List<ArrowBuf> buffers = new ArrayList<>();

  WholeMaker(Whole work, PartTools tools, PartOutput output) {
    this.work = work;
    this.tools = tools;
    this.output = output;
  }

  @Override
  public void make(Block all, Loaded inputs) throws IOException {
    List<Operand> stored = new ArrayList<>();
    List<WholeTensor> tensors = new ArrayList<>();
    for (int i = 0; i < work.sources().size(); i++) {
      stored.add(inputs.operand(i));
      tensors.add(new WholeTensor(stored.get(i), work.sources().get(i).shape()));
    }
    DType type = work.output().dtype();
    Operand made = operand(work.madeAs(), all.count());
    make(tensors, new WholeTensor(made, work.shape(), type != work.madeAs()));
    NonFiniteTally broken = new NonFiniteTally(stored);
    Operand result =
        new Operand(
            buffer((long) all.count() * type.bytes()),
            type,
            all.count(),
            work.rounding(),
            Optional.empty(),
            Optional.of(broken));
    store(made, result);
    output.addNonFinite(work, tools.settings().checked(broken, work.output()));
    tools.watch().merged();
    output.write(result.buffer().nioBuffer(0, all.count() * type.bytes()));
  }

  private void make(List<WholeTensor> tensors, WholeTensor made) {
    try (Matrices algebra = new Matrices(List.of(tools.cpu()), tools.memory(), THREADS)) {
      work.program().make(algebra, tensors, made);
    } catch (IllegalArgumentException e) { // the numbers are such that there is no result
      throw new NoResultException(work.output(), e);
    }
  }

  /** Rounds once; float64, which a vector does not hold, is what it was made as. */
  private void store(Operand made, Operand result) {
    if (result.dtype() == DType.F64) {
      for (int i = 0; i < made.elements(); i++) {
        result.doubles().put(i, made.doubles().get(i));
      }
      return;
    }
    try (Kernels<?> kernels = tools.cpu().open()) {
      FloatOperands.convert(kernels, made, result);
    }
  }

  private Operand operand(DType dtype, int elements) {
    return new Operand(buffer((long) elements * dtype.bytes()), dtype, elements);
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
