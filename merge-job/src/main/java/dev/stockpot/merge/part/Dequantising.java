package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.ElementSpan;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.OptionalInt;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Makes numbers of codes: widens them, where they do not lie in the target already, then takes each
 * run with its scale.
 *
 * @param codes the buffer of the codes; empty if they are made in the target
 * @param scales the buffer of their scales
 * @param place of the first byte in the target
 */
record Dequantising(
    Dequantised source, ElementSpan span, OptionalInt codes, int scales, int to, long place)
    implements AssemblyStep {
  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu) {
    int count = Math.toIntExact(span.count());
    ArrowBuf target = buffers.get(to).slice(place, (long) count * Float.BYTES);
    Operand numbers = new Operand(target, DType.F32, count);
    if (codes.isPresent()) {
      widen(
          new Operand(buffers.get(codes.getAsInt()), source.codes().dtype(), count), numbers, cpu);
    }
    int scaleCount = Math.toIntExact(source.scalesOf(span).count());
    Operand factors = new Operand(buffers.get(scales), source.scales().dtype(), scaleCount);
    FloatBuffer values = numbers.floats();
    Dequantised.Step step = source.step();
    source.eachRun(
        span,
        run -> {
          float scale = (float) factors.at(run.scale());
          int first = Math.toIntExact(run.first());
          for (int i = first; i < first + run.count(); i++) {
            values.put(i, step.of(values.get(i), scale));
          }
        });
  }

  private static void widen(Operand stored, Operand numbers, KernelProvider cpu) {
    try (Kernels<?> kernels = cpu.open()) {
      FloatOperands.convert(kernels, stored, numbers);
    }
  }
}
