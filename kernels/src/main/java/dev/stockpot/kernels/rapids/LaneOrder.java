package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_RIGHT;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT64;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;

import dev.stockpot.kernels.LaneSum;
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

  LaneOrder(Device device) {
    this.device = device;
  }

  /** Groups of {@link LaneSum} in so many elements, the last of which may be short. */
  static int groups(int elements) {
    return (elements + LaneSum.GROUP - 1) / LaneSum.GROUP;
  }

  /** Float32 elements in that order, with zeros for what the last group lacks. */
  Column of(Column values) {
    int rows = groups(values.rows()) * LaneSum.GROUP;
    try (Scratch s = new Scratch(device)) {
      Column whole = values.rows() == rows ? values : padded(s, values, rows);
      return device.gather(whole, places(rows));
    }
  }

  private static Column padded(Scratch s, Column values, int rows) {
    Column zeros = s.own(s.device().filled(Selections.ZERO, rows - values.rows()));
    return s.own(s.device().joined(values, zeros));
  }

  /** Where the elements come from; kept, as most blocks have as many. */
  private Column places(int rows) {
    if (places.isEmpty() || places.get().rows() != rows) {
      close();
      try (Scratch s = new Scratch(device)) {
        places = Optional.of(s.released(made(s, rows / LaneSum.GROUP)));
      }
    }
    return places.get();
  }

  private static Column made(Scratch s, int groups) {
    Column index = s.own(s.device().sequence(0, groups * LaneSum.LANES));
    Column group = s.binary(SHIFT_RIGHT, index, Literal.uint32(LANE_BITS), UINT32);
    Column first = s.binary(MULTIPLY, group, Literal.uint32(LaneSum.GROUP), UINT32);
    s.drop(group);
    Column lane = s.binary(AND, index, Literal.uint32(LaneSum.LANES - 1), UINT32);
    s.drop(index);
    Column firstSteps = s.binary(ADD, first, lane, UINT32);
    s.drop(first);
    s.drop(lane);
    return repeated(s, repeated(s, firstSteps, RUNS, LaneSum.RUN), STEPS, LaneSum.LANES);
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
