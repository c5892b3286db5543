package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.Judgement;
import dev.stockpot.merge.output.OutputFolder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All work of one merge.
 *
 * @param shards the output, in order
 * @param parts the tasks that make it, largest first
 * @param scans tensors too large for one task that must be scanned before they are merged, each cut
 *     into slices
 * @param output what it is beside its tensors
 * @param sides what is read and made beside models
 * @param notices what a user should know though nothing is wrong
 */
public record MergePlan(
    List<OutputShard> shards,
    List<PartTask> parts,
    List<ScannedWork> scans,
    OutputFolder output,
    MergeSides sides,
    List<String> notices) {

  public MergePlan {
    shards = List.copyOf(shards);
    parts = PartOrder.largestFirst(parts);
    scans = List.copyOf(scans);
    notices = List.copyOf(notices);
  }

  /** This plan, with more that a user should know. */
  public MergePlan telling(List<String> more) {
    List<String> all = new ArrayList<>(notices);
    all.addAll(more);
    return new MergePlan(shards, parts, scans, output, sides, all);
  }

  /** This plan, with more checkpoints of statistics that were read before it. */
  public MergePlan reading(List<Statistics> more) {
    if (more.isEmpty()) {
      return this;
    }
    List<Statistics> all = new ArrayList<>(more);
    sides.inputs().stream().filter(input -> !all.contains(input)).forEach(all::add);
    return new MergePlan(
        shards, parts, scans, output, new MergeSides(all, sides.outputs()), notices);
  }

  /** This plan with other files beside the tensors. */
  public MergePlan with(OutputFolder folder) {
    return new MergePlan(shards, parts, scans, folder, sides, notices);
  }

  /** The same merge, cut in another way. */
  MergePlan cut(ShardLayout layout) {
    return new MergePlan(
        layout.shards(),
        layout.parts(),
        layout.scans(),
        output,
        sides.with(layout.sides()),
        notices);
  }

  /**
   * This plan, its large tensors knowing what scans of them found.
   *
   * @param works for each of the scans, in their order
   */
  public MergePlan knowing(List<TensorWork> works) {
    Map<String, TensorWork> refined = new HashMap<>();
    List<ScannedWork> scanned = new ArrayList<>();
    for (int i = 0; i < scans.size(); i++) {
      refined.put(works.get(i).name(), works.get(i));
      scanned.add(scans.get(i).of(works.get(i)));
    }
    List<PartTask> tasks = parts.stream().map(part -> part.knowing(refined)).toList();
    return new MergePlan(shards, tasks, scanned, output, sides, notices);
  }

  /**
   * This plan without the work for some of its shards. A scan of their tensors stays if it tells
   * something of the whole model.
   *
   * @param finished places among the files; a shard is with all that lies beside it, or it is not
   */
  public MergePlan without(Set<Integer> finished) {
    Set<String> made = new HashSet<>();
    for (int shard : finished) {
      files().get(shard).tensors().forEach(placed -> made.add(placed.tensor().work().name()));
    }
    return new MergePlan(
        shards,
        parts.stream().filter(part -> !finished.contains(part.shard())).toList(),
        scans.stream()
            .filter(scan -> looksBeyondItsTensor(scan) || !made.contains(scan.work().name()))
            .toList(),
        output,
        sides,
        notices);
  }

  /** What was decided about whole models, once that is known; mostly nothing. */
  public Optional<Judgement> judgement() {
    return scans.stream().flatMap(scan -> scan.work().judgement().stream()).findFirst();
  }

  private static boolean looksBeyondItsTensor(ScannedWork scan) {
    return scan.work().scan().filter(wanted -> !wanted.scope().isTensor()).isPresent();
  }

  /** The checkpoints of statistics that are read, in the order in which the recipe names them. */
  public List<Statistics> statistics() {
    return sides.inputs();
  }

  /** The checkpoints that are made beside the merged one. */
  public List<SideFolder> sideFolders() {
    return sides.outputs();
  }

  /** All files of tensors: the shards, then those that lie beside them. */
  public List<OutputShard> files() {
    return Stream.concat(shards.stream(), sides.shards()).toList();
  }

  /**
   * Those of some files that no part has to be made for again: a part fills all its files at once.
   *
   * @param kept places of files
   */
  public Set<Integer> whole(Set<Integer> kept) {
    Map<Integer, Set<Integer>> together = new HashMap<>();
    for (PartTask part : parts) {
      Set<Integer> filled = together.computeIfAbsent(part.shard(), any -> new TreeSet<>());
      part.files().forEach(file -> filled.add(file.shard()));
    }
    Set<Integer> whole = new TreeSet<>(kept);
    together.values().stream()
        .filter(filled -> !kept.containsAll(filled))
        .forEach(whole::removeAll);
    return whole;
  }

  public long bytesRead() {
    return parts.stream().mapToLong(PartTask::bytesRead).sum();
  }

  public long bytesWritten() {
    return files().stream().mapToLong(OutputShard::size).sum();
  }

  public int tensors() {
    return shards.stream().mapToInt(shard -> shard.tensors().size()).sum();
  }

  /** What several tasks must look at before parts are made. */
  public ScanPlan scanPlan() {
    return new ScanPlan(scans, parts.stream().mapToLong(PartTask::bytesRead).max().orElse(0));
  }
}
