package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.PostProgram;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.Revised;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Merges a tensor, has steps change it in float64, and rounds it once. */
final class RevisedMaker implements SliceMaker {
  private final Revised work;
  private final PartTools tools;
  private final PartOutput output;
  private final WholeResult result;

  RevisedMaker(Revised work, PartTools tools, PartOutput output) {
    this.work = work;
    this.tools = tools;
    this.output = output;
    this.result = new WholeResult(work, work.after().viewed(), work.rounding(), tools, output);
  }

  @Override
  public void make(Block all, Loaded inputs) throws IOException {
    int merged = work.merge().inputs().size();
    List<Operand> stored = new ArrayList<>();
    for (int i = 0; i < merged + work.after().beside().size(); i++) {
      stored.add(inputs.operand(i));
    }
    Operand wide = result.operand(DType.F64, all.count());
    try (SliceObserver observer = SliceObserver.of(work, work.after().viewed(), tools.settings())) {
      List<Operand> ofMerge = stored.subList(0, merged);
      work.merge()
          .accept(
              new UnroundedMerge(
                  all, ofMerge, wide, observer.kept(), output.measures(work.name()), tools));
      List<WholeTensor> seen = new ArrayList<>();
      for (Operand model : result.models(stored)) {
        seen.add(new WholeTensor(model, work.shape()));
      }
      List<TensorSource> beside = work.after().beside();
      for (int i = 0; i < beside.size(); i++) {
        seen.add(new WholeTensor(stored.get(merged + i), beside.get(i).shape()));
      }
      for (PostProgram step : work.after().programs()) {
        change(step, seen, new WholeTensor(wide, work.shape()));
      }
      result.write(all, stored, narrowed(wide), observer);
    }
  }

  private void change(PostProgram step, List<WholeTensor> models, WholeTensor merged) {
    try (Matrices algebra = algebra()) {
      step.change(algebra, models, merged);
    } catch (IllegalArgumentException e) { // the numbers are such that there is no result
      throw new NoResultException(work.output(), e);
    }
  }

  /** In the type that is rounded at last. */
  private Operand narrowed(Operand wide) {
    if (work.madeAs() == DType.F64) {
      return wide;
    }
    Operand made = result.operand(work.madeAs(), wide.elements());
    boolean isRoundedAgain = work.output().dtype() != work.madeAs();
    try (Matrices algebra = algebra();
        Matrix matrix = algebra.of(wide, 1, wide.elements())) {
      new WholeTensor(made, work.shape(), isRoundedAgain).write(algebra, matrix);
    }
    return made;
  }

  private Matrices algebra() {
    return new Matrices(List.of(tools.cpu()), tools.memory(), WholeMaker.THREADS);
  }

  @Override
  public void close() {
    result.close();
  }
}
