package dev.stockpot.merge.engine;

import dev.stockpot.kernels.statistic.Statistic;
import dev.stockpot.merge.plan.Finding;
import dev.stockpot.merge.plan.ScanPlan;
import dev.stockpot.merge.plan.TensorWork;
import dev.stockpot.merge.plan.WantedScan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds up what the slices of tensors were found to hold, always in the same order. */
final class Findings {
  private Findings() {}

  /**
   * The works, each knowing what was found: in its own tensor, or in all tensors together that it
   * looks at.
   *
   * @param found of each task
   */
  static List<TensorWork> refine(ScanPlan plan, List<ScanTask> tasks, List<Statistic> found) {
    Map<ScanTask.Subject, List<Statistic>> parts = new HashMap<>();
    for (int i = 0; i < tasks.size(); i++) {
      parts.computeIfAbsent(tasks.get(i).about(), any -> new ArrayList<>()).add(found.get(i));
    }
    Map<ScanTask.Subject, Finding> sums = new HashMap<>();
    parts.forEach((about, ofSlices) -> sums.put(about, new Finding(Statistic.sum(ofSlices))));
    List<TensorWork> refined = new ArrayList<>();
    for (int i = 0; i < plan.works().size(); i++) {
      TensorWork work = plan.works().get(i).work();
      Optional<WantedScan> wanted = work.scan();
      refined.add(
          wanted.isEmpty() ? work : work.knowing(sums.get(ScanTask.Subject.of(wanted.get(), i))));
    }
    return refined;
  }
}
