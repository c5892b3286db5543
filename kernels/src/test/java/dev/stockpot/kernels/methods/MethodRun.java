package dev.stockpot.kernels.methods;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.SideOutput;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.number.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A whole merge of one tensor by each method: all scans and the merge, with the same kernels. */
public final class MethodRun {
  private static final int COLUMNS = 4_096;

  private final EveryMethod each;

  private MethodRun(EveryMethod each) {
    this.each = each;
  }

  public static List<MethodRun> all() {
    return EveryMethod.all().stream().map(MethodRun::new).toList();
  }

  /** Of so many models where a method takes as many. */
  public static List<MethodRun> all(int models) {
    return EveryMethod.all(models).stream().map(MethodRun::new).toList();
  }

  public String method() {
    return each.method();
  }

  /** How many inputs it takes. */
  public int inputs() {
    return each.inputs();
  }

  /** How many of them a tensor that is no matrix is made of: an average needs no base. */
  public int read() {
    TensorTerms terms = each.terms(1, COLUMNS).build();
    boolean isAveraged =
        MergeMethods.named(method()).orElseThrow().treatment(terms).stream()
            .anyMatch("are averaged"::equals);
    return each.base() != EveryMethod.NO_BASE && isAveraged ? inputs() - 1 : inputs();
  }

  /** Inputs of so many elements. */
  public List<Operand> inputs(Operands operands, DType type, int count) {
    return IntStream.range(0, inputs())
        .mapToObj(input -> operands.of(type, Samples.normal(count, 0.05, input)))
        .toList();
  }

  /** Whether there are passes before the merge. */
  public boolean scans() {
    return program(COLUMNS).scan().isPresent();
  }

  /** Merges operands of a multiple of 4096 elements, which a device keeps for several passes. */
  public void run(KernelProvider provider, List<Operand> inputs, Operand output) {
    MergeProgram program = program(output.elements());
    Rows rows = provider.device().isPresent() ? program.rows() : program.rows().oneByOne();
    long kept = program.scan().isPresent() ? bytes(inputs) : 0;
    try (Kernels<?> kernels = provider.openForPasses(rows.elements(), kept)) {
      for (Optional<Scan> scan = program.scan(); scan.isPresent(); scan = program.scan()) {
        Scan.BlockScan look = scan.get().open(kernels);
        each(kernels, output, rows, block -> look.scan(block, inputs));
        program = program.knowing(look.found());
        kernels.returnVectors();
      }
      BlockMerge merge = program.open(kernels);
      try (Operands beside = new Operands()) {
        List<Operand> outputs = new ArrayList<>(List.of(output));
        for (SideOutput side : MergeMethods.named(method()).orElseThrow().sideOutputs()) {
          outputs.add(beside.zeros(side.type(), output.elements()));
        }
        each(kernels, output, rows, block -> merge.merge(block, inputs, outputs));
      }
    }
  }

  private static long bytes(List<Operand> inputs) {
    return inputs.stream().mapToLong(it -> (long) it.elements() * it.dtype().bytes()).sum();
  }

  private static void each(Kernels<?> kernels, Operand output, Rows rows, Consumer<Block> work) {
    Block.each(0, output.elements(), kernels.capacity(), rows, work);
  }

  private MergeProgram program(int elements) {
    return each.terms(elements / COLUMNS, COLUMNS).program();
  }
}
