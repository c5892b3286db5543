package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.Measures;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Whole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Makes a tensor of whole tensors, on the CPU, with matrices in the task's memory. */
final class WholeMaker implements SliceMaker {
  /** Tasks run side by side, one for each core. */
  static final int THREADS = 1;

  private final Whole work;
  private final PartTools tools;
  private final PartOutput output;
  private final WholeResult result;

  WholeMaker(Whole work, PartTools tools, PartOutput output) {
    this.work = work;
    this.tools = tools;
    this.output = output;
    this.result = new WholeResult(work, work.viewed(), work.rounding(), tools, output);
  }

  @Override
  public void make(Block all, Loaded inputs) throws IOException {
    List<Operand> stored = new ArrayList<>();
    for (int i = 0; i < work.sources().size(); i++) {
      stored.add(inputs.operand(i));
    }
    DType type = work.output().dtype();
    Operand made = result.operand(work.madeAs(), all.count());
    WholeTensor into = new WholeTensor(made, work.shape(), type != work.madeAs());
    make(
        work.program(),
        tensors(stored, work.sources()),
        into,
        work.output(),
        output.measures(work.name()),
        tools);
    try (SliceObserver observer = SliceObserver.of(work, work.viewed(), tools.settings())) {
      result.write(all, stored, made, observer);
    }
  }

  static List<WholeTensor> tensors(List<Operand> stored, List<TensorSource> sources) {
    List<WholeTensor> tensors = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      tensors.add(new WholeTensor(stored.get(i), sources.get(i).shape()));
    }
    return tensors;
  }

  static void make(
      MatrixProgram program,
      List<WholeTensor> tensors,
      WholeTensor made,
      OutputTensor output,
      Measures found,
      PartTools tools) {
    try (Matrices algebra = new Matrices(List.of(tools.cpu()), tools.memory(), THREADS)) {
      program.make(algebra, tensors, made, found);
    } catch (IllegalArgumentException e) { // the numbers are such that there is no result
      throw new NoResultException(output, e);
    }
  }

  @Override
  public void close() {
    result.close();
  }
}
