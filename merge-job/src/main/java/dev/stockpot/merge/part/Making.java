package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Made;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Makes what an earlier stage would have written, without writing it.
 *
 * @param operands the buffers of its inputs
 * @param place of the first byte in the target
 */
record Making(Made made, ElementSpan span, List<Integer> operands, int to, long place)
    implements AssemblyStep {
  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu) {
    int count = Math.toIntExact(span.count());
    List<Operand> inputs = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      inputs.add(new Operand(buffers.get(operands.get(i)), made.inputs().get(i).dtype(), count));
    }
    ArrowBuf target = buffers.get(to).slice(place, (long) count * made.dtype().bytes());
    Operand output = new Operand(target, made.dtype(), count, made.rounding(), Optional.empty());
    Block all = new Block(span.first(), 0, count);
    try (SliceKernels kernels = new SliceKernels(cpu, cpu, 0);
        SliceKernels.Pass pass =
            kernels.merge(settled(kernels, all, inputs), /* onDevice= */ false, Optional.empty())) {
      pass.run(all, inputs, List.of(output));
    }
  }

  /** The program, knowing all that it wants to know of its inputs. */
  private MergeProgram settled(SliceKernels kernels, Block all, List<Operand> inputs) {
    MergeProgram program = made.program();
    for (Optional<Scan> scan = program.scan(); scan.isPresent(); scan = program.scan()) {
      try (SliceKernels.ScanPass look =
          kernels.scan(scan.get(), program.rows(), /* onDevice= */ false)) {
        if (scan.get().wants(all)) {
          look.run(all, inputs, List.of());
        }
        program = program.knowing(look.found());
      }
    }
    return program;
  }
}
