package dev.stockpot.kernels.methods;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.statistic.Statistic;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Runs merge programs over arrays as the job does: every scan slice by slice, each as if by a task
 * of its own, then the merge, slice by slice too.
 *
 * @param type of inputs and output
 * @param cuts places where the tensor is cut, ascending
 * @param sent what happens to programs, scans and statistics between driver and executors
 */
public record Merging(
    KernelProvider provider, DType type, List<Integer> cuts, UnaryOperator<Object> sent) {

  /** The tensor whole, in float32. */
  public static Merging by(KernelProvider provider) {
    return new Merging(provider, DType.F32, List.of(), UnaryOperator.identity());
  }

  /** Both CPU providers, the tensor whole, in float32. */
  public static Stream<Merging> onCpu() {
    return Stream.of(by(new ScalarProvider()), by(new VectorProvider()));
  }

  public Merging in(DType other) {
    return new Merging(provider, other, cuts, sent);
  }

  public Merging cutAt(Integer... places) {
    return new Merging(provider, type, List.of(places), sent);
  }

  public Merging sending(UnaryOperator<Object> transport) {
    return new Merging(provider, type, cuts, transport);
  }

  /**
   * The merged tensor, as float32, and behind it what the method makes beside it, one after the
   * other.
   */
  public float[] merge(Terms terms, float[]... inputs) {
    return merge(terms.program(), 1 + terms.method().sideOutputs().size(), inputs);
  }

  public float[] merge(MergeProgram program, float[]... inputs) {
    return merge(program, 1, inputs);
  }

  private float[] merge(MergeProgram program, int outputs, float[]... inputs) {
    MergeProgram next = known(program, inputs);
    int count = inputs[0].length;
    float[] merged = new float[outputs * count];
    for (int slice = 0; slice <= cuts.size(); slice++) {
      List<float[]> parts = mergeSlice(sent(next), slice, outputs, inputs);
      for (int output = 0; output < outputs; output++) {
        float[] part = parts.get(output);
        System.arraycopy(part, 0, merged, output * count + begin(slice), part.length);
      }
    }
    return merged;
  }

  /** A program that has found out all that it wants to know. */
  public MergeProgram known(MergeProgram program, float[]... inputs) {
    MergeProgram next = sent(program);
    for (Optional<Scan> scan = next.scan(); scan.isPresent(); scan = next.scan()) {
      next = sent(next.knowing(scan(sent(scan.get()), rows(next), inputs)));
    }
    return next;
  }

  private Rows rows(MergeProgram program) {
    return provider.device().isPresent() ? program.rows() : program.rows().oneByOne();
  }

  private Statistic scan(Scan scan, Rows rows, float[]... inputs) {
    Statistic found = scanSlice(scan, rows, 0, inputs);
    for (int slice = 1; slice <= cuts.size(); slice++) {
      found = sent(found).plus(sent(scanSlice(scan, rows, slice, inputs)));
    }
    return sent(found);
  }

  private Statistic scanSlice(Scan scan, Rows rows, int slice, float[]... inputs) {
    try (Operands operands = new Operands();
        Kernels<?> kernels = provider.open(rows.elements())) {
      List<Operand> cut = cut(operands, slice, inputs);
      Scan.BlockScan blocks = scan.open(kernels);
      Block.each(
          begin(slice),
          cut.get(0).elements(),
          kernels.capacity(),
          rows,
          block -> blocks.scan(block, cut));
      return blocks.found();
    }
  }

  private List<float[]> mergeSlice(MergeProgram program, int slice, int count, float[]... inputs) {
    try (Operands operands = new Operands();
        Kernels<?> kernels = provider.open(program.rows().elements())) {
      List<Operand> cut = cut(operands, slice, inputs);
      int elements = cut.get(0).elements();
      List<Operand> outputs = new ArrayList<>(List.of(operands.zeros(type, elements)));
      while (outputs.size() < count) {
        outputs.add(operands.zeros(DType.F32, elements));
      }
      BlockMerge blocks = program.open(kernels);
      Block.each(
          begin(slice),
          elements,
          kernels.capacity(),
          rows(program),
          block -> blocks.merge(block, cut, outputs));
      return outputs.stream().map(Operands::floats).toList();
    }
  }

  private List<Operand> cut(Operands operands, int slice, float[]... inputs) {
    List<Operand> cut = new ArrayList<>();
    for (float[] input : inputs) {
      int end = slice == cuts.size() ? input.length : cuts.get(slice);
      cut.add(operands.of(type, Arrays.copyOfRange(input, begin(slice), end)));
    }
    return cut;
  }

  private int begin(int slice) {
    return slice == 0 ? 0 : cuts.get(slice - 1);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // what arrives is what was sent
  private <T> T sent(T value) {
    return (T) sent.apply(value);
  }

  @Override
  public String toString() {
    return provider.name();
  }
}
