package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Patch;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Widens runs of elements to float32, from the buffer that they were read into to where they
 * belong.
 *
 * @param dtype of the elements that were read
 * @param place of the first byte in the target
 */
record Widening(List<Patch> patches, DType dtype, int from, int to, long place)
    implements AssemblyStep {
  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu) {
    try (Kernels<?> kernels = cpu.open()) {
      for (Patch patch : patches) {
        FloatOperands.convert(
            kernels,
            operand(buffers.get(from), 0, patch.from(), patch, dtype),
            operand(buffers.get(to), place, patch.to(), patch, DType.F32));
      }
    }
  }

  private static Operand operand(ArrowBuf buffer, long place, long first, Patch run, DType dtype) {
    long count = run.extents().get(0);
    ArrowBuf elements = buffer.slice(place + first * dtype.bytes(), count * dtype.bytes());
    return new Operand(elements, dtype, Math.toIntExact(count));
  }
}
