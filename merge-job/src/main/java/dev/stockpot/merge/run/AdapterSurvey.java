package dev.stockpot.merge.run;

import dev.stockpot.merge.engine.MergeTasks;
import dev.stockpot.merge.engine.ScanProgress;
import dev.stockpot.merge.extract.AdapterPlan;
import dev.stockpot.merge.plan.DifferencePlan;
import dev.stockpot.merge.plan.Factors;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.PlanSettings;
import java.io.IOException;
import java.util.List;

/**
 * Finds what an adapter must hold before it is made: which tensors differ, and, where singular
 * values decide, how many are kept of each matrix.
 */
final class AdapterSurvey {
  private final MergeTasks tasks;
  private final PlanSettings cuts;
  private final ScanProgress progress;

  AdapterSurvey(MergeTasks tasks, PlanSettings cuts, ScanProgress progress) {
    this.tasks = tasks;
    this.cuts = cuts;
    this.progress = progress;
  }

  /** The plan of the adapter, knowing all that. */
  MergePlan of(AdapterPlan adapter) throws IOException {
    DifferencePlan differences = adapter.differences(cuts);
    AdapterPlan known =
        adapter.knowing(
            DifferencePlan.figures(tasks.look(differences.looks(), progress)),
            differences.notices());
    List<Factors> searches = known.searches();
    return (searches.isEmpty() ? known : known.ranked(tasks.ranks(searches, progress))).plan(cuts);
  }
}
