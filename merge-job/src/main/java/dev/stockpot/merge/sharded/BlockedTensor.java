package dev.stockpot.merge.sharded;

import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One tensor of blocks. They lie on a grid that may be uneven: cut along the first axis that all of
 * them can be cut along, and each piece again along the others.
 */
final class BlockedTensor {
  private final String name;
  private final Consumer<String> problems;

  private BlockedTensor(String name, Consumer<String> problems) {
    this.name = name;
    this.problems = problems;
  }

  /**
   * The tensor; nothing if its blocks do not make one, which is a problem then.
   *
   * @param problems takes what is wrong
   */
  static Optional<TensorSource> of(String name, List<Block> blocks, Consumer<String> problems) {
    return new BlockedTensor(name, problems).whole(blocks);
  }

  private Optional<TensorSource> whole(List<Block> blocks) {
    Block first = blocks.get(0);
    int axes = first.origin().size();
    for (Block block : blocks) {
      if (block.stored().dtype() != first.stored().dtype() || block.origin().size() != axes) {
        problems.accept(
            "%s is %s %s in %s and %s %s in %s: these are of two saves. Take the files of one"
                .formatted(
                    name,
                    first.stored().dtype(),
                    first.stored().shape(),
                    first.file(),
                    block.stored().dtype(),
                    block.stored().shape(),
                    block.file()));
        return Optional.empty();
      }
    }
    List<Long> begin = new ArrayList<>();
    List<Long> end = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      int along = axis;
      begin.add(0L);
      end.add(blocks.stream().mapToLong(block -> block.end(along)).max().orElse(0));
    }
    // of fewer rows than processes, some have none
    List<Block> filled = blocks.stream().filter(block -> block.elements() > 0).toList();
    return piece(filled.isEmpty() ? List.of(first) : filled, begin, end);
  }

  /** Blocks that are to fill a part of the tensor. */
  private Optional<TensorSource> piece(List<Block> blocks, List<Long> begin, List<Long> end) {
    if (blocks.size() == 1) {
      return single(blocks.get(0), begin, end);
    }
    for (int axis = 0; axis < begin.size(); axis++) {
      List<Long> cuts = cuts(blocks, axis, begin.get(axis), end.get(axis));
      if (cuts.size() > 2) {
        return joined(blocks, axis, cuts, begin, end);
      }
    }
    Block one = blocks.get(0);
    Block other = blocks.get(1);
    problems.accept(
        "blocks of %s lie over each other, or on no grid: %s at %s in %s, %s at %s in %s. Take the files of one save"
            .formatted(
                name,
                one.stored().shape(),
                one.origin(),
                one.file(),
                other.stored().shape(),
                other.origin(),
                other.file()));
    return Optional.empty();
  }

  private Optional<TensorSource> single(Block block, List<Long> begin, List<Long> end) {
    for (int axis = 0; axis < begin.size(); axis++) {
      if (block.begin(axis) != begin.get(axis) || block.end(axis) != end.get(axis)) {
        problems.accept(
            "a block of %s is missing: along axis %s nothing holds %s to %s but %s to %s in %s. Fetch the files of all processes"
                .formatted(
                    name,
                    axis,
                    begin.get(axis),
                    end.get(axis),
                    block.begin(axis),
                    block.end(axis),
                    block.file()));
        return Optional.empty();
      }
    }
    return Optional.of(new Stored(block.stored()));
  }

  /** Places along an axis that no block lies across, the ends among them. */
  private static List<Long> cuts(List<Block> blocks, int axis, long begin, long end) {
    List<Block> inOrder =
        blocks.stream()
            .sorted(Comparator.comparingLong((Block block) -> block.begin(axis)))
            .toList();
    List<Long> cuts = new ArrayList<>(List.of(begin));
    long reached = begin;
    for (Block block : inOrder) {
      if (block.begin(axis) >= reached && block.begin(axis) > cuts.get(cuts.size() - 1)) {
        cuts.add(block.begin(axis));
      }
      reached = Math.max(reached, block.end(axis));
    }
    if (end > cuts.get(cuts.size() - 1)) {
      cuts.add(end);
    }
    return cuts;
  }

  private Optional<TensorSource> joined(
      List<Block> blocks, int axis, List<Long> cuts, List<Long> begin, List<Long> end) {
    List<TensorSource> parts = new ArrayList<>();
    for (int i = 0; i + 1 < cuts.size(); i++) {
      long from = cuts.get(i);
      long to = cuts.get(i + 1);
      List<Block> inside =
          blocks.stream()
              .filter(block -> block.begin(axis) >= from && block.begin(axis) < to)
              .toList();
      if (inside.isEmpty()) {
        problems.accept(
            "a block of %s is missing: along axis %s nothing holds %s to %s. Fetch the files of all processes"
                .formatted(name, axis, from, to));
        return Optional.empty();
      }
      Optional<TensorSource> part = piece(inside, with(begin, axis, from), with(end, axis, to));
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
    }
    return Optional.of(TensorSource.joined(parts, axis));
  }

  private static List<Long> with(List<Long> places, int axis, long place) {
    List<Long> changed = new ArrayList<>(places);
    changed.set(axis, place);
    return changed;
  }
}
