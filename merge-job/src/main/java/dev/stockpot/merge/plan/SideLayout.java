package dev.stockpot.merge.plan;

import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.storage.ByteRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lays out the tensors of one side output: a file beside each shard that has any of them, filled by
 * the same parts.
 */
final class SideLayout {
  private final String name;
  private final int output;
  private final OutputLayout layout;
  private final long partBytes;
  private final int firstPlace;
  private final int files;
  private final List<OutputShard> shards = new ArrayList<>();

  /**
   * A layout.
   *
   * @param output its place among the outputs of works
   * @param layout of its files
   * @param groups the tensors of each shard
   * @param firstPlace of its files among those of the plan
   */
  SideLayout(
      String name,
      int output,
      OutputLayout layout,
      long partBytes,
      List<List<PlannedTensor>> groups,
      int firstPlace) {
    this.name = name;
    this.output = output;
    this.layout = layout;
    this.partBytes = partBytes;
    this.firstPlace = firstPlace;
    this.files = (int) groups.stream().filter(group -> !header(group).isEmpty()).count();
  }

  int files() {
    return files;
  }

  SideFolder folder() {
    return new SideFolder(name, layout, shards);
  }

  /** The next file, beside a shard of these tensors, if any of them has something to lie in it. */
  Optional<Cutter> beside(List<PlannedTensor> tensors) {
    List<OutputTensor> header = header(tensors);
    return header.isEmpty() ? Optional.empty() : Optional.of(new Cutter(header));
  }

  private List<OutputTensor> header(List<PlannedTensor> tensors) {
    return tensors.stream()
        .map(tensor -> tensor.work().outputs())
        .filter(outputs -> output < outputs.size())
        .map(outputs -> outputs.get(output))
        .toList();
  }

  /** Gathers what slices make for one file. */
  final class Cutter {
    private final int place = firstPlace + shards.size();
    private final List<OutputShard.Placed> placed = new ArrayList<>();
    private List<OutputTensor> header;
    private int parts;
    private int gathered;
    private long begin;
    private long end;

    private Cutter(List<OutputTensor> header) {
      this.header = header;
      this.end = layout.header(header).remaining();
    }

    void add(PlannedTensor tensor, List<SliceTask> slices) {
      if (output < tensor.work().outputs().size()) {
        long bytes = slices.stream().mapToLong(slice -> slice.bytes(output).length()).sum();
        long first = placed.isEmpty() ? end : placed.get(placed.size() - 1).bytes().end();
        PlannedTensor beside =
            new PlannedTensor(
                tensor.work().outputs().get(output),
                tensor.work(),
                tensor.merge(),
                tensor.models());
        placed.add(new OutputShard.Placed(beside, new ByteRange(first, first + bytes)));
      }
    }

    void add(SliceTask slice) {
      if (slice.makes(output)) {
        gathered++;
        end += slice.bytes(output).length();
      }
    }

    /** Whether a part may end here: it has nothing to do with the file, or enough. */
    boolean mayClose() {
      return gathered == 0 || end - begin >= partBytes;
    }

    /** What the part that ends here fills of the file. */
    Optional<PartFile> close() {
      if (gathered == 0) {
        return Optional.empty();
      }
      parts++;
      PartFile file = new PartFile(place, parts, new ByteRange(begin, end), output, layout, header);
      header = List.of();
      gathered = 0;
      begin = end;
      return Optional.of(file);
    }

    /** The file is whole. */
    void finish() {
      shards.add(new OutputShard(layout.file(shards.size() + 1, files), end, placed));
    }
  }
}
