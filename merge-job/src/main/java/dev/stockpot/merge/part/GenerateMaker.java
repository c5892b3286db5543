package dev.stockpot.merge.part;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.plan.Generate;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;

/** Writes numbers that come from no input. */
final class GenerateMaker implements SliceMaker {
  private final Generate work;
  private final PartTools tools;
  private final PartOutput output;
  private final ArrowBuf buffer;

  GenerateMaker(Generate work, PartTools tools, SharedSlice slice, PartOutput output) {
    this.work = work;
    this.tools = tools;
    this.output = output;
    long elements = tools.loads().chunkElements(slice);
    this.buffer = tools.buffer(elements * work.output().dtype().bytes());
  }

  @Override
  public void make(Block chunk, Loaded inputs) throws IOException {
    DType dtype = work.output().dtype();
    NonFiniteTally broken = new NonFiniteTally(List.of());
    Operand result =
        new Operand(
            buffer, dtype, chunk.count(), work.rounding(), Optional.empty(), Optional.of(broken));
    try (Kernels<?> kernels = tools.cpu().open()) {
      generate(kernels, chunk, result);
    }
    output.addNonFinite(work, tools.settings().checked(broken, work.output()));
    tools.watch().merged();
    output.write(buffer.nioBuffer(0, chunk.count() * dtype.bytes()));
  }

  private <V> void generate(Kernels<V> kernels, Block chunk, Operand result) {
    V vector = kernels.vector();
    Block.each(
        chunk.firstElement(),
        chunk.count(),
        kernels.capacity(),
        block -> {
          float[] numbers = new float[block.count()];
          work.numbers().fill(block.firstElement(), numbers);
          kernels.begin(block);
          kernels.load(numbers, vector);
          kernels.store(vector, result);
        });
  }

  @Override
  public void close() {
    buffer.close();
  }
}
