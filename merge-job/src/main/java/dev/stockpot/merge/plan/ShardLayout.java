package dev.stockpot.merge.plan;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lays tensors out in shards and cuts shards into parts. */
final class ShardLayout {
  private final PlanSettings settings;
  private final List<OutputShard> shards = new ArrayList<>();
  private final List<PartTask> parts = new ArrayList<>();
  private final List<MergePlan.LargeTensor> large = new ArrayList<>();

  ShardLayout(List<PlannedTensor> tensors, PlanSettings settings) {
    this.settings = settings;
    List<List<PlannedTensor>> groups = group(tensors);
    for (int i = 0; i < groups.size(); i++) {
      lay(settings.layout().file(i + 1, groups.size()), i, groups.get(i));
    }
  }

  List<OutputShard> shards() {
    return shards;
  }

  List<PartTask> parts() {
    return parts;
  }

  List<MergePlan.LargeTensor> large() {
    return large;
  }

  /** Tensors in their order, a new shard wherever the next one would not fit. */
  private List<List<PlannedTensor>> group(List<PlannedTensor> tensors) {
    List<List<PlannedTensor>> groups = new ArrayList<>();
    long bytes = 0;
    for (PlannedTensor tensor : inOrderOfInputs(tensors)) {
      long next = tensor.work().output().byteCount();
      if (groups.isEmpty() || bytes + next > settings.shardBytes()) {
        groups.add(new ArrayList<>());
        bytes = 0;
      }
      groups.get(groups.size() - 1).add(tensor);
      bytes += next;
    }
    return groups;
  }

  /**
   * As they lie in the files of their first inputs: a part then reads these from front to back, in
   * few requests, and mostly those of the other models too.
   */
  private static List<PlannedTensor> inOrderOfInputs(List<PlannedTensor> tensors) {
    Set<Location> files = new HashSet<>();
    tensors.forEach(tensor -> files.add(firstInput(tensor).shard().location()));
    Map<Location, Integer> places = new HashMap<>();
    NaturalOrder.sort(files, Location::toString).forEach(file -> places.put(file, places.size()));
    return NaturalOrder.sort(tensors, tensor -> tensor.work().output().name()).stream()
        .sorted(
            Comparator.comparingInt(
                    (PlannedTensor tensor) -> places.get(firstInput(tensor).shard().location()))
                .thenComparingLong(tensor -> firstInput(tensor).bytes().begin()))
        .toList();
  }

  private static TensorInfo firstInput(PlannedTensor tensor) {
    return tensor.work().inputs().get(0);
  }

  private void lay(String file, int shard, List<PlannedTensor> tensors) {
    List<OutputTensor> header = tensors.stream().map(tensor -> tensor.work().output()).toList();
    PartCutter cutter = new PartCutter(shard, header);
    List<OutputShard.Placed> placed = new ArrayList<>();
    for (PlannedTensor tensor : tensors) {
      long begin = cutter.end();
      for (ByteRange slice : slices(tensor.work())) {
        cutter.add(new SliceTask(tensor.work(), slice));
      }
      placed.add(new OutputShard.Placed(tensor, new ByteRange(begin, cutter.end())));
    }
    parts.addAll(cutter.finish());
    shards.add(new OutputShard(file, cutter.end(), placed));
  }

  /** Whole, if it is small or a task can hold it with its inputs; else in slices. */
  private List<ByteRange> slices(TensorWork work) {
    long bytes = work.output().byteCount();
    boolean scans = work instanceof TensorWork.Merge merge && merge.program().scan().isPresent();
    if (scans && ((TensorWork.Merge) work).scansInOneTask(settings.taskBytes())) {
      return List.of(new ByteRange(0, bytes));
    }
    long step = sliceBytes(work);
    List<ByteRange> slices = new ArrayList<>();
    for (long begin = 0; begin < bytes || slices.isEmpty(); begin += step) {
      slices.add(new ByteRange(begin, Math.min(begin + step, bytes)));
    }
    if (scans) {
      large.add(
          new MergePlan.LargeTensor(
              (TensorWork.Merge) work,
              slices.stream().map(slice -> new SliceTask(work, slice)).toList()));
    }
    return slices;
  }

  /** About a part, but whole reduction blocks: their sums must not depend on where slices begin. */
  private long sliceBytes(TensorWork work) {
    long row = work instanceof TensorWork.Merge merge ? merge.program().rowElements() : 0;
    long unit = Block.reductionElements(row) * Math.max(1, work.output().dtype().bits() / 8);
    return Math.max(unit, (settings.partBytes() + unit - 1) / unit * unit);
  }

  /** Gathers slices into parts: a part is closed once it has {@code partBytes}. */
  private final class PartCutter {
    private final int shard;
    private final List<PartTask> cut = new ArrayList<>();
    private final List<SliceTask> slices = new ArrayList<>();
    private List<OutputTensor> header;
    private long begin;
    private long end;

    PartCutter(int shard, List<OutputTensor> header) {
      this.shard = shard;
      this.header = header;
      this.end = settings.layout().header(header).remaining();
    }

    long end() {
      return end;
    }

    void add(SliceTask slice) {
      if (end - begin >= settings.partBytes()) {
        close();
      }
      slices.add(slice);
      end += slice.bytes().length();
    }

    List<PartTask> finish() {
      close();
      return cut;
    }

    private void close() {
      ByteRange range = new ByteRange(begin, end);
      cut.add(new PartTask(shard, cut.size() + 1, range, settings.layout(), header, slices));
      slices.clear();
      header = List.of();
      begin = end;
    }
  }
}
