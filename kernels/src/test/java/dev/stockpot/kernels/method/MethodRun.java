package dev.stockpot.kernels.method;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Scan;
import dev.stockpot.kernels.Statistic;
import java.util.List;
import java.util.Optional;

/** A whole merge of one tensor by each method, for benchmarks: all scans, then the merge. */
public final class MethodRun {
  private static final int COLUMNS = 4_096;

  private final EveryMethod each;

  private MethodRun(EveryMethod each) {
    this.each = each;
  }

  public static List<MethodRun> all() {
    return EveryMethod.all().stream().map(MethodRun::new).toList();
  }

  public String method() {
    return each.method();
  }

  /** How many inputs it takes. */
  public int inputs() {
    return each.inputs();
  }

  /** Whether it goes row by row, which devices leave to the CPU. */
  public boolean hasRows() {
    return program(COLUMNS).rowElements() > 0;
  }

  /** Merges operands of a multiple of 4096 elements. */
  public void run(KernelProvider provider, List<Operand> inputs, Operand output) {
    MergeProgram program = program(output.elements());
    for (Optional<Scan> scan = program.scan(); scan.isPresent(); scan = program.scan()) {
      program = program.knowing(scan(scan.get(), provider, inputs));
    }
    try (Kernels<?> kernels = provider.open()) {
      BlockMerge merge = program.open(kernels);
      Block.each(
          0, output.elements(), kernels.capacity(), block -> merge.merge(block, inputs, output));
    }
  }

  private static Statistic scan(Scan scan, KernelProvider provider, List<Operand> inputs) {
    try (Kernels<?> kernels = provider.open()) {
      Scan.BlockScan look = scan.open(kernels);
      Block.each(
          0, inputs.get(0).elements(), kernels.capacity(), block -> look.scan(block, inputs));
      return look.found();
    }
  }

  private MergeProgram program(int elements) {
    return each.terms(elements / COLUMNS, COLUMNS).program();
  }
}
