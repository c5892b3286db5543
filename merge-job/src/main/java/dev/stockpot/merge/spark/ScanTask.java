package dev.stockpot.merge.spark;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.MergePlan.LargeTensor;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.SliceTask;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive slices that one Spark task scans, and of whose findings it sends the sum.
 *
 * @param about place of the tensor that they are slices of, or {@link #MODEL} where what is wanted
 *     is a statistic of the whole model
 */
record ScanTask(int about, List<SliceTask> slices) implements Serializable {
  static final int MODEL = -1;

  ScanTask {
    slices = List.copyOf(slices);
  }

  static boolean isWanted(LargeTensor tensor) {
    return tensor.work().program().scan().isPresent();
  }

  /**
   * The next scan of every tensor that wants one, in the order of tensors and slices. Slices are
   * gathered as long as they stay below the largest part: a model may have thousands of tiny
   * tensors, and a task costs more than to scan one.
   */
  static List<ScanTask> of(MergePlan plan) {
    long most = plan.parts().stream().mapToLong(PartTask::bytesRead).max().orElse(0);
    List<ScanTask> tasks = new ArrayList<>();
    List<SliceTask> gathered = new ArrayList<>();
    int about = MODEL;
    long bytes = 0;
    for (int i = 0; i < plan.scans().size(); i++) {
      LargeTensor tensor = plan.scans().get(i);
      if (!isWanted(tensor)) {
        continue;
      }
      MergeProgram program = tensor.work().program();
      int next = program.scanScope().isShared() ? MODEL : i;
      for (SliceTask slice : tensor.slices()) {
        long more = slice.bytesRead();
        if (!gathered.isEmpty() && (next != about || bytes + more > most)) {
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

  /** For messages. */
  String name() {
    return "scan of %s slices from %s"
        .formatted(slices.size(), slices.get(0).work().output().name());
  }
}
