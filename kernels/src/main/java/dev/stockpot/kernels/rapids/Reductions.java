package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_RIGHT;
import static dev.stockpot.kernels.rapids.BinaryOperation.SUBTRACT;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT64;
import static dev.stockpot.kernels.rapids.ColumnType.UINT16;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.LaneSum;
import dev.stockpot.kernels.MagnitudeCounts;
import dev.stockpot.kernels.MagnitudeRange;

/**
 * What is found of all elements of a block. Float sums take the order of {@link LaneSum}: the same
 * step of all runs at once, then the same run of all groups; few numbers are left for the host.
 */
final class Reductions {
  private static final int STEPS = LaneSum.RUN / LaneSum.LANES;
  private static final int RUNS = LaneSum.GROUP / LaneSum.RUN;

  /** One digit of {@link MagnitudeCounts}. */
  private static final int DIGIT_BITS = 16;

  private Reductions() {}

  /** Adds float64 elements, one for each of the block. */
  static void add(Scratch s, Column values, Block block, LaneSum sum) {
    int groups = (values.rows() + LaneSum.GROUP - 1) / LaneSum.GROUP;
    int rows = groups * LaneSum.GROUP;
    Column whole = values.rows() == rows ? values : s.own(s.device().padded(values, rows));
    Column runs = folded(s, whole, STEPS);
    double[] lanes = s.device().downloadDoubles(folded(s, runs, RUNS));
    for (int group = 0; group < groups; group++) {
      if (group > 0 && startsReduction(block, group * LaneSum.GROUP)) {
        sum.next();
      }
      for (int lane = 0; lane < LaneSum.LANES; lane++) {
        sum.lanes()[lane] += lanes[group * LaneSum.LANES + lane];
      }
    }
  }

  /** Adds as many lines of 16 lanes as that to one, everywhere at once, in their order. */
  private static Column folded(Scratch s, Column lines, int count) {
    int rows = lines.rows() / count;
    Column index = s.own(s.device().sequence(0, rows));
    Column line = s.binary(SHIFT_RIGHT, index, Literal.uint32(4), UINT32);
    Column first = s.binary(MULTIPLY, line, Literal.uint32(count * LaneSum.LANES), UINT32);
    Column lane = s.binary(AND, index, Literal.uint32(LaneSum.LANES - 1), UINT32);
    Column places = s.binary(ADD, first, lane, UINT32);
    s.drop(index);
    s.drop(line);
    s.drop(first);
    s.drop(lane);
    Column sum = s.own(s.device().filled(new Literal(FLOAT64, 0), rows));
    for (int i = 0; i < count; i++) {
      Column at = Selections.plus(s, places, i * LaneSum.LANES);
      Column next = s.own(s.device().gather(lines, at));
      Column more = s.binary(ADD, sum, next, FLOAT64);
      s.drop(at);
      s.drop(next);
      s.drop(sum);
      sum = more;
    }
    s.drop(places);
    return sum;
  }

  private static boolean startsReduction(Block block, int at) {
    return block.row() == 0 && (block.firstElement() + at) % Block.REDUCTION_ELEMENTS == 0;
  }

  /** How many are true, for each reduction block. */
  static int[] counts(Scratch s, Column mask, Block block) {
    int[] ends = block.reductionEnds();
    int[] counts = new int[ends.length];
    int begin = 0;
    for (int part = 0; part < ends.length; part++) {
      try (Column of = s.device().slice(mask, begin, ends[part] - begin)) {
        counts[part] = s.device().count(of);
      }
      begin = ends[part];
    }
    return counts;
  }

  static void count(Scratch s, Column a, MagnitudeCounts into) {
    Column magnitudes = Selections.magnitudes(s, a);
    Column digits = s.binary(SHIFT_RIGHT, magnitudes, Literal.uint32(DIGIT_BITS), UINT16);
    if (into.bin() != MagnitudeCounts.ALL_BINS) {
      Column inBin = s.is(EQUAL, digits, Literal.uint16(into.bin()));
      s.drop(digits);
      Column found = s.own(s.device().filter(magnitudes, inBin));
      s.drop(magnitudes);
      if (found.rows() == 0) {
        return;
      }
      digits = s.binary(AND, found, Literal.uint32(0xFFFF), UINT16);
    }
    int[] found = s.device().histogram(digits);
    int[] counts = into.counts();
    for (int bin = 0; bin < found.length; bin++) {
      counts[bin] += found[bin];
    }
  }

  static void count(Scratch s, Column a, MagnitudeRange into) {
    Column magnitudes = Selections.magnitudes(s, a);
    Column places = s.binary(SUBTRACT, magnitudes, Literal.uint32(into.low()), UINT32);
    Column isBelow = s.is(LESS, magnitudes, Literal.uint32(into.low()));
    s.drop(magnitudes);
    int width = into.high() - into.low();
    // what is below the range wrapped to large numbers
    Column isIn = s.is(LESS, places, Literal.uint32(width));
    int within = s.device().count(isIn);
    into.addAbove(a.rows() - within - s.device().count(isBelow));
    if (within == 0) {
      return;
    }
    Column found = s.own(s.device().filter(places, isIn));
    s.drop(places);
    for (int page = 0; page << DIGIT_BITS < width; page++) {
      countPage(s, found, page, into);
    }
  }

  /** Those of 2¹⁶ neighbouring places. */
  private static void countPage(Scratch s, Column places, int page, MagnitudeRange into) {
    Column pages = s.binary(SHIFT_RIGHT, places, Literal.uint32(DIGIT_BITS), UINT32);
    Column isHere = s.is(EQUAL, pages, Literal.uint32(page));
    s.drop(pages);
    Column here = s.own(s.device().filter(places, isHere));
    if (here.rows() > 0) {
      Column digits = s.binary(AND, here, Literal.uint32(0xFFFF), UINT16);
      int[] counts = s.device().histogram(digits);
      for (int digit = 0; digit < counts.length; digit++) {
        if (counts[digit] > 0) {
          into.add(page << DIGIT_BITS | digit, counts[digit]);
        }
      }
      s.drop(digits);
    }
    s.drop(here);
    s.drop(isHere);
  }
}
