package dev.stockpot.merge.spark;

import dev.stockpot.kernels.Statistic;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.merge.plan.MergePlan.LargeTensor;
import java.util.ArrayList;
import java.util.List;

/** Adds up what the slices of tensors were found to hold, always in the same order. */
final class Findings {
  private Findings() {}

  /**
   * The tensors' programs, each knowing what was found: in its own tensor, or in all tensors
   * together where it wants a statistic of the model.
   *
   * @param tensorOf for each statistic, the place of its tensor; ascending
   * @param found in the order of the slices
   */
  static List<MergeProgram> refine(
      List<LargeTensor> tensors, List<Integer> tensorOf, List<Statistic> found) {
    Statistic[] sums = new Statistic[tensors.size()];
    Statistic ofModel = null;
    for (int i = 0; i < found.size(); i++) {
      int tensor = tensorOf.get(i);
      sums[tensor] = plus(sums[tensor], found.get(i));
      if (tensors.get(tensor).work().program().scansModel()) {
        ofModel = plus(ofModel, found.get(i));
      }
    }
    List<MergeProgram> programs = new ArrayList<>();
    for (int i = 0; i < sums.length; i++) {
      MergeProgram program = tensors.get(i).work().program();
      Statistic known = program.scansModel() ? ofModel : sums[i];
      programs.add(sums[i] == null ? program : program.knowing(known));
    }
    return programs;
  }

  private static Statistic plus(Statistic sum, Statistic next) {
    return sum == null ? next : sum.plus(next);
  }
}
