package dev.stockpot.merge.engine;

import dev.stockpot.kernels.statistic.Statistic;
import dev.stockpot.merge.plan.ScanPlan;
import dev.stockpot.merge.plan.TensorWork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Lets tasks look at what several merges want to know. */
record Scanning(TaskPool pool, TaskRunner tasks, ScanProgress progress) {

  /** The works of each plan, knowing what one look found for each. */
  List<List<TensorWork>> once(List<ScanPlan> plans) throws IOException {
    List<List<ScanTask>> wanted = plans.stream().map(ScanTask::of).toList();
    List<List<ScanBundle.Member>> members = ScanBundle.members(wanted);
    List<ScanBundle> bundles =
        members.stream().map(bundle -> ScanBundle.of(bundle, wanted)).toList();
    List<Statistic[]> found = new ArrayList<>();
    wanted.forEach(ofMerge -> found.add(new Statistic[ofMerge.size()]));
    long of = bundles.stream().mapToLong(ScanBundle::bytesRead).sum();
    long[] scanned = {0};
    progress.scanned(0, of);
    new Rounds(pool, tasks)
        .<ScanBundle, List<Statistic>>run(
            List.of(StageName.scan(bundles).of(bundles)),
            (runs, bundle) -> runs.run(bundle.name(), runner -> runner.scanAll(bundle.merges())),
            (place, statistics) -> {
              for (int i = 0; i < statistics.size(); i++) {
                ScanBundle.Member member = members.get(place).get(i);
                found.get(member.merge())[member.task()] = statistics.get(i);
              }
              scanned[0] += bundles.get(place).bytesRead();
              progress.scanned(scanned[0], of);
            });
    List<List<TensorWork>> refined = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      refined.add(Findings.refine(plans.get(i), wanted.get(i), List.of(found.get(i))));
    }
    return refined;
  }
}
