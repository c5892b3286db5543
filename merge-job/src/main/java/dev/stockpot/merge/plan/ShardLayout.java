package dev.stockpot.merge.plan;

import static java.util.Comparator.comparingInt;

import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.storage.ByteRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lays tensors out in shards and cuts shards into parts. */
final class ShardLayout {
  private final PlanSettings settings;
  private final Cuts cuts;
  private final List<OutputShard> shards = new ArrayList<>();
  private final List<PartTask> parts = new ArrayList<>();
  private final List<ScannedWork> scans = new ArrayList<>();
  private final List<SideLayout> sides = new ArrayList<>();

  ShardLayout(List<PlannedTensor> tensors, PlanSettings settings) {
    this(tensors, settings, Cuts.of(settings));
  }

  ShardLayout(List<PlannedTensor> tensors, PlanSettings settings, Cuts cuts) {
    this.settings = settings;
    this.cuts = cuts;
    Map<String, List<List<PlannedTensor>>> folders = TensorGroups.of(tensors, settings);
    addSides(tensors, folders.values().stream().flatMap(List::stream).toList());
    folders.forEach(
        (folder, groups) -> {
          OutputLayout layout = settings.layout().in(folder);
          for (int i = 0; i < groups.size(); i++) {
            lay(layout, layout.file(i + 1, groups.size()), groups.get(i));
          }
        });
  }

  List<OutputShard> shards() {
    return shards;
  }

  /** What lies beside the shards: checkpoints of the same tensors. */
  List<SideFolder> sides() {
    return sides.stream().map(SideLayout::folder).toList();
  }

  List<PartTask> parts() {
    return parts;
  }

  /** The works that several tasks must look at before one of them goes on. */
  List<ScannedWork> scans() {
    return scans;
  }

  private void addSides(List<PlannedTensor> tensors, List<List<PlannedTensor>> groups) {
    List<String> names =
        tensors.stream()
            .map(tensor -> tensor.work().sideNames())
            .max(comparingInt(List::size))
            .orElse(List.of());
    int place = groups.size();
    for (String name : names) {
      SideLayout side =
          new SideLayout(
              name,
              sides.size() + 1,
              settings.layout().beside(name),
              settings.partBytes(),
              groups,
              place);
      sides.add(side);
      place += side.files();
    }
  }

  private void lay(OutputLayout layout, String file, List<PlannedTensor> tensors) {
    List<OutputTensor> header = tensors.stream().map(PlannedTensor::output).toList();
    List<SideLayout.Cutter> beside =
        sides.stream().flatMap(side -> side.beside(tensors).stream()).toList();
    PartCutter cutter = new PartCutter(layout, shards.size(), header, beside);
    List<OutputShard.Placed> placed = new ArrayList<>();
    long begin = cutter.end();
    for (PlannedTensor tensor : tensors) {
      if (tensor.isFirst()) {
        List<SliceTask> slices = slices(tensor.work());
        beside.forEach(side -> side.add(tensor, slices));
        slices.forEach(cutter::add);
      }
      long end = begin + tensor.output().byteCount();
      placed.add(new OutputShard.Placed(tensor, new ByteRange(begin, end)));
      begin = end;
    }
    parts.addAll(cutter.finish());
    beside.forEach(SideLayout.Cutter::finish);
    shards.add(new OutputShard(file, cutter.end(), placed));
  }

  private List<SliceTask> slices(TensorWork work) {
    List<SliceTask> slices = cuts.of(work).stream().map(span -> new SliceTask(work, span)).toList();
    if (cuts.looksElsewhere(work)) {
      scans.add(new ScannedWork(work, slices));
    }
    return slices;
  }

  /** Gathers slices into parts: a part is closed once it has {@code partBytes}. */
  private final class PartCutter {
    private final OutputLayout layout;
    private final int shard;
    private final List<SideLayout.Cutter> beside;
    private final List<PartTask> cut = new ArrayList<>();
    private final List<SliceTask> slices = new ArrayList<>();
    private List<OutputTensor> header;
    private long begin;
    private long end;

    PartCutter(
        OutputLayout layout, int shard, List<OutputTensor> header, List<SideLayout.Cutter> beside) {
      this.layout = layout;
      this.shard = shard;
      this.header = header;
      this.beside = beside;
      this.end = layout.header(header).remaining();
    }

    long end() {
      return end;
    }

    void add(SliceTask slice) {
      long enough = slice.work().isHeavy() ? settings.heavyPartBytes() : settings.partBytes();
      if (end - begin >= enough && beside.stream().allMatch(SideLayout.Cutter::mayClose)) {
        close();
      }
      slices.add(slice);
      end += slice.bytes().length();
      beside.forEach(side -> side.add(slice));
    }

    List<PartTask> finish() {
      close();
      return cut;
    }

    private void close() {
      ByteRange range = new ByteRange(begin, end);
      List<PartFile> files = beside.stream().flatMap(side -> side.close().stream()).toList();
      cut.add(new PartTask(shard, cut.size() + 1, range, layout, header, slices, files));
      slices.clear();
      header = List.of();
      begin = end;
    }
  }
}
