package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_RIGHT;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.statistic.LaneSum;
import java.util.Arrays;

/**
 * The order of a {@link LaneSum}: the first step of all runs of all groups, then the second step of
 * all, …
 */
final class LaneOrder extends SumOrder {
  private static final int STEPS = LaneSum.RUN / LaneSum.LANES;
  private static final int RUNS = LaneSum.GROUP / LaneSum.RUN;
  private static final int LANE_BITS = Integer.numberOfTrailingZeros(LaneSum.LANES);

  LaneOrder(Device device) {
    super(device);
  }

  /** Where the groups of a block begin in it: each row, if they matter, is summed by itself. */
  static int[] groups(Block block) {
    int row = block.rowOrAll();
    int inRow = (row + LaneSum.GROUP - 1) / LaneSum.GROUP;
    int[] begins = new int[block.count() / row * inRow];
    for (int group = 0; group < begins.length; group++) {
      begins[group] = group / inRow * row + group % inRow * LaneSum.GROUP;
    }
    return begins;
  }

  @Override
  boolean isNatural(Block block) {
    return false;
  }

  @Override
  boolean isFilled(Block block) {
    return block.rowOrAll() % LaneSum.GROUP == 0;
  }

  @Override
  Column made(Scratch s, Block block) {
    int row = block.rowOrAll();
    int[] begins = groups(block);
    Column index = s.own(s.device().sequence(0, begins.length * LaneSum.LANES));
    Column group = s.binary(SHIFT_RIGHT, index, Literal.uint32(LANE_BITS), UINT32);
    Column lane = s.binary(AND, index, Literal.uint32(LaneSum.LANES - 1), UINT32);
    s.drop(index);
    Column first = ofGroups(s, group, begins);
    Column firstSteps = s.binary(ADD, first, lane, UINT32);
    s.drop(first);
    s.drop(lane);
    Column places = everywhere(s, firstSteps, LaneSum.RUN, LaneSum.LANES);
    if (isFilled(block)) {
      return places;
    }
    int[] ends =
        Arrays.stream(begins)
            .map(it -> Math.min(it + LaneSum.GROUP, (it / row + 1) * row))
            .toArray();
    Column end = everywhere(s, ofGroups(s, group, ends), 0, 0);
    Column isThere = s.is(LESS, places, end);
    s.drop(end);
    return s.select(isThere, places, Literal.uint32(block.count())); // where the zero is
  }

  private static Column ofGroups(Scratch s, Column group, int... numbers) {
    Column table = s.own(s.device().uploadInts(numbers));
    Column found = s.own(s.device().gather(table, group));
    s.drop(table);
    return found;
  }

  /** From the first steps of first runs to those of all runs, then to all steps. */
  private static Column everywhere(Scratch s, Column firstSteps, int run, int step) {
    return repeated(s, repeated(s, firstSteps, RUNS, run), STEPS, step);
  }

  /** So many times behind itself, each time with that much more added. Takes over the column. */
  private static Column repeated(Scratch s, Column once, int times, int more) {
    Column all = once;
    for (int done = 1; done < times; done *= 2) {
      Column next = s.binary(ADD, all, Literal.uint32(done * more), UINT32);
      Column both = s.own(s.device().joined(all, next));
      s.drop(all);
      s.drop(next);
      all = both;
    }
    return all;
  }

  /** The float64 sums of elements in that order: of each group, its lanes. */
  static double[] sums(Scratch s, Column ordered) {
    return s.device().downloadDoubles(folded(s, folded(s, ordered, STEPS), RUNS));
  }
}
