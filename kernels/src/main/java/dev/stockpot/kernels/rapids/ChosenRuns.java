package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_RIGHT;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The runs that a {@link Sampling} chooses of a large block, for a device all at once.
 *
 * @param places of all elements of whole runs, counted from the begin of the block
 */
record ChosenRuns(Block block, Column places) {

  /**
   * Those of a block.
   *
   * @return empty if there are none, or if runs are not of a power of two elements
   */
  static Optional<ChosenRuns> of(Scratch s, Block block, Sampling sampling) {
    int run = sampling.run();
    List<Integer> begins = new ArrayList<>();
    sampling.each(
        block,
        chosen -> {
          if (chosen.count() == run) {
            begins.add(chosen.offset() - block.offset());
          }
        });
    if (begins.isEmpty() || Integer.bitCount(run) != 1) {
      return Optional.empty();
    }
    Column starts =
        s.own(s.device().uploadInts(begins.stream().mapToInt(Integer::intValue).toArray()));
    Column index = s.own(s.device().sequence(0, begins.size() * run));
    Column number =
        s.binary(SHIFT_RIGHT, index, Literal.uint32(Integer.numberOfTrailingZeros(run)), UINT32);
    Column start = s.own(s.device().gather(starts, number));
    s.drop(number);
    Column inRun = s.binary(AND, index, Literal.uint32(run - 1), UINT32);
    s.drop(index);
    Column places = s.binary(ADD, start, inRun, UINT32);
    s.drop(start);
    s.drop(inRun);
    return Optional.of(new ChosenRuns(block, places));
  }

  /** All of them as one block. */
  Block asBlock() {
    return new Block(block.firstElement(), block.offset(), places.rows());
  }
}
