package dev.stockpot.merge.part;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.plan.Whole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;

/** Makes a tensor of whole tensors, as float32, on the CPU. */
final class WholeMaker implements SliceMaker {
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
    Operand made = floats(all.count());
    List<Operand> stored = new ArrayList<>();
    List<Operand> operands = new ArrayList<>();
    for (int i = 0; i < work.sources().size(); i++) {
      stored.add(inputs.operand(i));
      operands.add(widened(stored.get(i)));
    }
    work.program().make(operands, made);
    DType dtype = work.output().dtype();
    ArrowBuf rounded = buffer((long) all.count() * dtype.bytes());
    NonFiniteTally broken = new NonFiniteTally(stored);
    Operand result =
        new Operand(
            rounded, dtype, all.count(), work.rounding(), Optional.empty(), Optional.of(broken));
    convert(made, result);
    output.addNonFinite(work, tools.settings().checked(broken, work.output()));
    tools.watch().merged();
    output.write(rounded.nioBuffer(0, all.count() * dtype.bytes()));
  }

  private Operand widened(Operand input) {
    if (input.dtype() == DType.F32) {
      return input;
    }
    Operand wide = floats(input.elements());
    convert(input, wide);
    return wide;
  }

  private void convert(Operand from, Operand to) {
    try (Kernels<?> kernels = tools.cpu().open()) {
      FloatOperands.convert(kernels, from, to);
    }
  }

  private Operand floats(int elements) {
    return new Operand(buffer((long) elements * Float.BYTES), DType.F32, elements);
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
