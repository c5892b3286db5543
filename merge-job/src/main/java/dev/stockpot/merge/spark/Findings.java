package dev.stockpot.merge.spark;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.statistic.Statistic;
import dev.stockpot.merge.plan.MergePlan.LargeTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds up what the slices of tensors were found to hold, always in the same order. */
final class Findings {
  private Findings() {}

  /**
   * The tensors' programs, each knowing what was found: in its own tensor, or in all tensors
   * together where it wants a statistic of the model.
   *
   * @param found of each task
   */
  static List<MergeProgram> refine(
      List<LargeTensor> tensors, List<ScanTask> tasks, List<Statistic> found) {
    Map<Integer, List<Statistic>> parts = new HashMap<>();
    for (int i = 0; i < tasks.size(); i++) {
      parts.computeIfAbsent(tasks.get(i).about(), about -> new ArrayList<>()).add(found.get(i));
    }
    Map<Integer, Statistic> sums = new HashMap<>();
    parts.forEach((about, ofSlices) -> sums.put(about, Statistic.sum(ofSlices)));
    Map<MergeProgram, MergeProgram> refined = new HashMap<>(); // most tensors have equal programs
    List<MergeProgram> programs = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      MergeProgram program = tensors.get(i).work().program();
      if (!ScanTask.isWanted(tensors.get(i))) {
        programs.add(program);
      } else if (program.scanScope().isShared()) {
        Statistic ofModel = sums.get(ScanTask.MODEL);
        programs.add(refined.computeIfAbsent(program, any -> any.knowing(ofModel)));
      } else {
        programs.add(program.knowing(sums.get(i)));
      }
    }
    return programs;
  }
}
