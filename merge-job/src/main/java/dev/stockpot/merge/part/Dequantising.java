package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.ElementSpan;
import java.nio.FloatBuffer;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Makes numbers of codes: widens them, then multiplies each run by its scale.
 *
 * @param codes the buffer of the codes
 * @param scales the buffer of their scales
 * @param place of the first byte in the target
 */
record Dequantising(Dequantised source, ElementSpan span, int codes, int scales, int to, long place)
    implements AssemblyStep {
  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu) {
    int count = Math.toIntExact(span.count());
    ArrowBuf target = buffers.get(to).slice(place, (long) count * Float.BYTES);
    Operand numbers = new Operand(target, DType.F32, count);
    try (Kernels<?> kernels = cpu.open()) {
      FloatOperands.convert(
          kernels, new Operand(buffers.get(codes), source.codes().dtype(), count), numbers);
    }
    int scaleCount = Math.toIntExact(source.scalesOf(span).count());
    Operand factors = new Operand(buffers.get(scales), source.scales().dtype(), scaleCount);
    FloatBuffer values = numbers.floats();
    for (Dequantised.Run run : source.runs(span)) {
      float scale = (float) factors.at(run.scale());
      int first = Math.toIntExact(run.first());
      for (int i = first; i < first + run.count(); i++) {
        values.put(i, values.get(i) * scale);
      }
    }
  }
}
