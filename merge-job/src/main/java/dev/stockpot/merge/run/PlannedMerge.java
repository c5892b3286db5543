package dev.stockpot.merge.run;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.settings.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * What a merge would do, known from headers alone.
 *
 * @param method as the recipe names it
 * @param models in the order in which the recipe names them
 * @param files of tensors in the output
 * @param notices what a user should know, though nothing is wrong
 * @param tensorsScanned tensors too large for the memory of a task, scanned before the merge
 * @param bytesScanned of the inputs of these
 * @param tasks at once, where Spark runs inside this JVM
 * @param taskMemory most bytes of buffers of one task
 * @param partMemory most bytes that a task holds of its part, where parts are uploaded
 * @param time about how long executors would take
 */
public record PlannedMerge(
    String method,
    List<Model> models,
    List<File> files,
    List<String> notices,
    int tensorsScanned,
    long bytesScanned,
    int tasks,
    long taskMemory,
    long partMemory,
    TimeEstimate time) {

  /**
   * A model that is read.
   *
   * @param tensors in it
   * @param files that hold them
   */
  public record Model(String folder, int tensors, int files) {}

  /**
   * A file that is made.
   *
   * @param parts tasks that make it
   * @param bytesRead of inputs
   * @param bytes that it will have
   */
  public record File(String name, int tensors, int parts, long bytesRead, long bytes) {}

  public PlannedMerge {
    models = List.copyOf(models);
    files = List.copyOf(files);
    notices = List.copyOf(notices);
  }

  static PlannedMerge of(Planned planned, Settings settings) {
    MergePlan plan = planned.plan();
    MergeMethod method = planned.recipe().method();
    return new PlannedMerge(
        method.name(),
        planned.models().values().stream()
            .map(
                model ->
                    new Model(model.folder().path(), model.tensors().size(), model.shards().size()))
            .toList(),
        files(plan),
        plan.notices(),
        plan.scans().size(),
        plan.scanPlan().bytesRead(),
        settings.tasks(),
        settings.taskMemory(),
        plan.parts().stream().mapToLong(PartTask::memory).max().orElse(0),
        TimeEstimate.of(plan, method.card().cost()));
  }

  private static List<File> files(MergePlan plan) {
    long[] read = new long[plan.shards().size()];
    int[] parts = new int[plan.shards().size()];
    for (PartTask part : plan.parts()) {
      read[part.shard()] += part.bytesRead();
      parts[part.shard()]++;
    }
    List<File> files = new ArrayList<>();
    for (int i = 0; i < plan.shards().size(); i++) {
      OutputShard shard = plan.shards().get(i);
      files.add(new File(shard.file(), shard.tensors().size(), parts[i], read[i], shard.size()));
    }
    return files;
  }

  /** Tensors in the output. */
  public int tensors() {
    return files.stream().mapToInt(File::tensors).sum();
  }

  /** Tasks that make parts of the output. */
  public int parts() {
    return files.stream().mapToInt(File::parts).sum();
  }

  /** Bytes of inputs that making the output takes, scans aside. */
  public long bytesRead() {
    return files.stream().mapToLong(File::bytesRead).sum();
  }

  public long bytesWritten() {
    return files.stream().mapToLong(File::bytes).sum();
  }
}
