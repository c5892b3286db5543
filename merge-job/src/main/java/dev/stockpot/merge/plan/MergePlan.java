package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.merge.output.OutputFolder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All work of one merge.
 *
 * @param shards the output, in order
 * @param parts the tasks that make it, largest first
 * @param scans tensors too large for one task that must be scanned before they are merged, each cut
 *     into slices
 * @param output what it is beside its tensors
 * @param notices what a user should know though nothing is wrong
 */
public record MergePlan(
    List<OutputShard> shards,
    List<PartTask> parts,
    List<LargeTensor> scans,
    OutputFolder output,
    List<String> notices) {

  /** A tensor too large for one task, in slices. */
  public record LargeTensor(TensorWork.Merge work, List<SliceTask> slices) {
    public LargeTensor {
      slices = List.copyOf(slices);
    }
  }

  public MergePlan {
    shards = List.copyOf(shards);
    parts = parts.stream().sorted(LARGEST_FIRST).toList();
    scans = List.copyOf(scans);
    notices = List.copyOf(notices);
  }

  private static final Comparator<PartTask> LARGEST_FIRST =
      Comparator.comparingLong(PartTask::bytesRead)
          .reversed()
          .thenComparingInt(PartTask::shard)
          .thenComparingInt(PartTask::number);

  /** This plan, its large tensors knowing what scans of them found. */
  public MergePlan knowing(List<MergeProgram> programs) {
    Map<String, TensorWork.Merge> refined = new LinkedHashMap<>();
    List<LargeTensor> large = new ArrayList<>();
    for (int i = 0; i < scans.size(); i++) {
      TensorWork.Merge work = scans.get(i).work().with(programs.get(i));
      refined.put(work.output().name(), work);
      large.add(
          new LargeTensor(
              work,
              scans.get(i).slices().stream()
                  .map(slice -> new SliceTask(work, slice.bytes()))
                  .toList()));
    }
    List<PartTask> tasks = parts.stream().map(part -> with(part, refined)).toList();
    return new MergePlan(shards, tasks, large, output, notices);
  }

  private static PartTask with(PartTask part, Map<String, TensorWork.Merge> refined) {
    List<SliceTask> slices =
        part.slices().stream()
            .map(
                slice ->
                    refined.containsKey(slice.work().output().name())
                        ? new SliceTask(refined.get(slice.work().output().name()), slice.bytes())
                        : slice)
            .toList();
    return new PartTask(
        part.shard(), part.number(), part.range(), part.layout(), part.header(), slices);
  }

  /**
   * This plan without the work for some of its shards. A scan of their tensors stays if it tells
   * something of the whole model.
   *
   * @param finished places of the shards
   */
  public MergePlan without(Set<Integer> finished) {
    Set<String> made = new HashSet<>();
    for (int shard : finished) {
      shards.get(shard).tensors().forEach(t -> made.add(t.tensor().work().output().name()));
    }
    return new MergePlan(
        shards,
        parts.stream().filter(part -> !finished.contains(part.shard())).toList(),
        scans.stream()
            .filter(
                scan ->
                    scan.work().program().scanScope().isShared()
                        || !made.contains(scan.work().output().name()))
            .toList(),
        output,
        notices);
  }

  public long bytesRead() {
    return parts.stream().mapToLong(PartTask::bytesRead).sum();
  }

  public long bytesWritten() {
    return shards.stream().mapToLong(OutputShard::size).sum();
  }

  public int tensors() {
    return shards.stream().mapToInt(shard -> shard.tensors().size()).sum();
  }
}
