package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_RIGHT;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT64;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.LaneSum;
import java.util.Arrays;
import java.util.Optional;

/**
 * Puts elements in the order in which sums take them, so that columns can follow {@link LaneSum}:
 * the first step of all runs of all groups, then the second step of all, … What is added next to a
 * sum then lies together, and a sum needs no more than adding parts of a column, one after the
 * other.
 */
final class LaneOrder implements AutoCloseable {
  private static final int STEPS = LaneSum.RUN / LaneSum.LANES;
  private static final int RUNS = LaneSum.GROUP / LaneSum.RUN;
  private static final int LANE_BITS = Integer.numberOfTrailingZeros(LaneSum.LANES);

  private final Device device;
  private Optional<Column> places = Optional.empty();
  private Size ofPlaces = new Size(0, 0);

  private record Size(int elements, int row) {}

  LaneOrder(Device device) {
    this.device = device;
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

  /** A block's float32 elements in that order, with zeros for what short groups lack. */
  Column of(Column values, Block block) {
    try (Scratch s = new Scratch(device)) {
      Column map = places(block);
      return device.gather(
          block.rowOrAll() % LaneSum.GROUP == 0 ? values : withZero(s, values), map);
    }
  }

  private static Column withZero(Scratch s, Column values) {
    Column zero = s.own(s.device().filled(Selections.ZERO, 1));
    return s.own(s.device().joined(values, zero));
  }

  /** Where the elements come from; kept, as most blocks are of one size. */
  private Column places(Block block) {
    Size size = new Size(block.count(), block.rowOrAll());
    if (places.isEmpty() || !size.equals(ofPlaces)) {
      close();
      try (Scratch s = new Scratch(device)) {
        places = Optional.of(s.released(made(s, block)));
      }
      ofPlaces = size;
    }
    return places.get();
  }

  private static Column made(Scratch s, Block block) {
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
    if (row % LaneSum.GROUP == 0) {
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

  /**
   * Adds so many parts of a column. Begins with the first rather than with zero: only a sum of
   * negative zeros differs, and not any more when it is added to a lane.
   */
  private static Column folded(Scratch s, Column parts, int count) {
    int rows = parts.rows() / count;
    Column sum = s.binary(ADD, s.slice(parts, 0, rows), s.slice(parts, rows, rows), FLOAT64);
    for (int i = 2; i < count; i++) {
      Column more = s.binary(ADD, sum, s.slice(parts, i * rows, rows), FLOAT64);
      s.drop(sum);
      sum = more;
    }
    return sum;
  }

  @Override
  public void close() {
    places.ifPresent(Column::close);
    places = Optional.empty();
  }
}
