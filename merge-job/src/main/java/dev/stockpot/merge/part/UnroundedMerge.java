package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Measures;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.statistic.KeptTally;
import dev.stockpot.merge.plan.Blockwise;
import dev.stockpot.merge.plan.FewWorks;
import dev.stockpot.merge.plan.TensorWork;
import dev.stockpot.merge.plan.Whole;
import java.util.List;
import java.util.Optional;

/**
 * Merges one tensor for steps behind it, on the CPU, all of it at once.
 *
 * @param stored its inputs, all of each
 * @param merged where it goes, in float64
 * @param kept counts what drops leave, if somebody wants to know
 * @param found takes what programs find
 */
record UnroundedMerge(
    Block all,
    List<Operand> stored,
    Operand merged,
    Optional<KeptTally> kept,
    Measures found,
    PartTools tools)
    implements FewWorks<Void> {
  @Override
  public Void blockwise(Blockwise work) {
    try (SliceKernels kernels = new SliceKernels(tools.cpu(), tools.cpu(), /* heldBytes= */ 0);
        SliceKernels.Pass pass =
            kernels.merge(settled(kernels, work.program()), /* onDevice= */ false, kept)) {
      pass.run(all, stored, List.of(merged));
    }
    return null;
  }

  /** The program, knowing all that it wants to know of its inputs. */
  private MergeProgram settled(SliceKernels kernels, MergeProgram merge) {
    MergeProgram program = merge;
    for (Optional<Scan> scan = program.scan(); scan.isPresent(); scan = program.scan()) {
      try (SliceKernels.ScanPass look =
          kernels.scan(scan.get(), program.rows(), /* onDevice= */ false)) {
        if (scan.get().wants(all)) {
          look.run(all, stored, List.of());
        }
        program = program.knowing(look.found());
      }
    }
    return program;
  }

  @Override
  public Void whole(Whole work) {
    WholeMaker.make(
        work.program(),
        WholeMaker.tensors(stored, work.sources()),
        new WholeTensor(merged, work.shape()),
        work.output(),
        found,
        tools);
    return null;
  }

  @Override
  public Void other(TensorWork work) {
    throw new IllegalStateException("%s is not merged, and cannot be revised".formatted(work));
  }
}
