package dev.stockpot.merge.engine;

import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.merge.plan.ScanPlan;
import dev.stockpot.merge.plan.ScannedWork;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.plan.WantedScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Consecutive slices that one Spark task scans, and of whose findings it sends the sum.
 *
 * @param about what they are slices of
 */
record ScanTask(Subject about, List<SliceTask> slices) {
  private static final int MANY = -1;

  /**
   * What is looked at together.
   *
   * @param tensor place in the plan of the tensor, where it is that alone
   */
  record Subject(ScanScope scope, int tensor) {
    static Subject of(WantedScan wanted, int place) {
      return new Subject(wanted.scope(), wanted.scope().isTensor() ? place : MANY);
    }
  }

  ScanTask {
    slices = List.copyOf(slices);
  }

  /**
   * The next scan of every work that wants one, in the order of works and slices. Slices are
   * gathered as long as they stay below what one task should read: a model may have thousands of
   * tiny tensors, and a task costs more than to scan one.
   */
  static List<ScanTask> of(ScanPlan plan) {
    List<ScanTask> tasks = new ArrayList<>();
    List<SliceTask> gathered = new ArrayList<>();
    Subject about = null;
    long bytes = 0;
    for (int i = 0; i < plan.works().size(); i++) {
      ScannedWork scanned = plan.works().get(i);
      Optional<WantedScan> wanted = scanned.work().scan();
      if (wanted.isEmpty()) {
        continue;
      }
      Subject next = Subject.of(wanted.get(), i);
      for (SliceTask slice : scanned.slices()) {
        long more = slice.bytesRead();
        if (!gathered.isEmpty() && (!next.equals(about) || bytes + more > plan.mostBytes())) {
          tasks.add(new ScanTask(about, gathered));
          gathered.clear();
          bytes = 0;
        }
        about = next;
        gathered.add(slice);
        bytes += more;
      }
    }
    if (!gathered.isEmpty()) {
      tasks.add(new ScanTask(about, gathered));
    }
    return tasks;
  }
}
