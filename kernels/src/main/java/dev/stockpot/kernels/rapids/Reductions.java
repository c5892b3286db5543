package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.GREATER_OR_EQUAL;
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
import java.util.stream.IntStream;

/**
 * What is found of all elements of a block. Float sums take the order of {@link LaneSum}: the same
 * step of all runs at once, then the same run of all groups; few numbers are left for the host.
 */
final class Reductions {
  private static final int STEPS = LaneSum.RUN / LaneSum.LANES;
  private static final int RUNS = LaneSum.GROUP / LaneSum.RUN;

  /** One digit of {@link MagnitudeCounts}. */
  private static final int DIGIT_BITS = 16;

  /**
   * Elements that a device counts together: short enough to keep all of it busy, or to be copied.
   */
  private static final int PIECE = 1 << 16;

  /** Above so many times 2¹⁶ places, a few elements of each are counted faster by the host. */
  private static final int MOST_PAGES = 4;

  private Reductions() {}

  /** Adds float32 or float64 elements, one for each of the block. */
  static void add(Scratch s, Column values, Block block, LaneSum sum) {
    int groups = (values.rows() + LaneSum.GROUP - 1) / LaneSum.GROUP;
    int rows = groups * LaneSum.GROUP;
    Column whole = values.rows() == rows ? values : padded(s, values, rows);
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

  /** With zeros behind. */
  private static Column padded(Scratch s, Column values, int rows) {
    Column zeros = s.own(s.device().filled(new Literal(values.type(), 0), rows - values.rows()));
    return s.own(s.device().joined(values, zeros));
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
    Column begin = s.own(s.device().gather(lines, places));
    Column sum = s.binary(ADD, begin, new Literal(FLOAT64, 0), FLOAT64);
    s.drop(begin);
    for (int i = 1; i < count; i++) {
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
    int[] pieces = pieces(ends);
    int[] ofPieces = s.device().counts(mask, pieces);
    int[] counts = new int[ends.length];
    int part = 0;
    for (int piece = 0; piece < pieces.length; piece++) {
      counts[part] += ofPieces[piece];
      if (pieces[piece] == ends[part]) {
        part++;
      }
    }
    return counts;
  }

  /** Elements above one magnitude, and those that have it, for each reduction block. */
  static int[] countEqual(Scratch s, Column a, MagnitudeRange one, Block block) {
    Column magnitudes = ordered(s, a, one);
    one.addAbove(above(s, magnitudes, one));
    return counts(s, s.is(EQUAL, magnitudes, Literal.uint32(one.low())), block);
  }

  private static Column ordered(Scratch s, Column a, MagnitudeRange within) {
    return within.high() > MagnitudeCounts.NAN
        ? Selections.magnitudes(s, a)
        : Selections.bits(s, a); // all NaN are above then
  }

  private static int above(Scratch s, Column magnitudes, MagnitudeRange range) {
    Column isAbove = s.is(GREATER_OR_EQUAL, magnitudes, Literal.uint32(range.high()));
    int above = s.device().count(isAbove);
    s.drop(isAbove);
    return above;
  }

  /** Those ends, and more between them: a device counts many short pieces at once. */
  static int[] pieces(int... ends) {
    return IntStream.range(0, ends.length)
        .flatMap(part -> pieces(part == 0 ? 0 : ends[part - 1], ends[part]))
        .toArray();
  }

  private static IntStream pieces(int begin, int end) {
    int inner = (end - 1 - begin) / PIECE;
    return IntStream.concat(
        IntStream.rangeClosed(1, inner).map(piece -> begin + piece * PIECE), IntStream.of(end));
  }

  static void count(Scratch s, Column a, MagnitudeCounts into) {
    int[] counts = into.counts();
    if (into.bin() == MagnitudeCounts.ALL_BINS) {
      Column upper = s.binary(SHIFT_RIGHT, s.bits(a, UINT32), Literal.uint32(DIGIT_BITS), UINT16);
      Column digits = s.binary(AND, upper, Literal.uint16(0x7FFF), UINT16);
      s.drop(upper);
      int[] found = s.device().histogram(digits);
      for (int bin = 0; bin < found.length; bin++) {
        counts[Math.min(bin, MagnitudeCounts.NAN >>> DIGIT_BITS)] += found[bin];
      }
    } else {
      Column digits = lowerDigits(s, Selections.magnitudes(s, a), into.bin());
      if (digits.rows() > 0) {
        int[] found = s.device().histogram(digits);
        for (int bin = 0; bin < found.length; bin++) {
          counts[bin] += found[bin];
        }
      }
    }
  }

  /** The lower digits of those that have that upper one. Takes over the column. */
  private static Column lowerDigits(Scratch s, Column numbers, int upperDigit) {
    Column upper = s.binary(SHIFT_RIGHT, numbers, Literal.uint32(DIGIT_BITS), UINT16);
    Column isWanted = s.is(EQUAL, upper, Literal.uint16(upperDigit));
    s.drop(upper);
    Column wanted = s.own(s.device().filter(numbers, isWanted));
    s.drop(isWanted);
    Column digits = s.binary(AND, wanted, Literal.uint32(0xFFFF), UINT16);
    s.drop(wanted);
    return digits;
  }

  static void count(Scratch s, Column a, MagnitudeRange into) {
    Column magnitudes = ordered(s, a, into);
    into.addAbove(above(s, magnitudes, into));
    int width = into.high() - into.low();
    if (width == 1) {
      int equal = s.device().count(s.is(EQUAL, magnitudes, Literal.uint32(into.low())));
      addTo(into, 0, equal);
      return;
    }
    Column places = s.binary(SUBTRACT, magnitudes, Literal.uint32(into.low()), UINT32);
    s.drop(magnitudes);
    Column isIn = s.is(LESS, places, Literal.uint32(width)); // what is below wrapped
    Column found = s.own(s.device().filter(places, isIn));
    s.drop(places);
    s.drop(isIn);
    if (width <= MOST_PAGES << DIGIT_BITS) {
      for (int page = 0; page << DIGIT_BITS < width; page++) {
        countPage(s, found, page, into);
      }
    } else {
      for (int place : s.device().downloadInts(found)) {
        into.add(place);
      }
    }
  }

  /** Those of 2¹⁶ neighbouring places. */
  private static void countPage(Scratch s, Column places, int page, MagnitudeRange into) {
    Column digits = lowerDigits(s, s.bits(places, UINT32), page);
    if (digits.rows() > 0) {
      int[] counts = s.device().histogram(digits);
      for (int digit = 0; digit < counts.length; digit++) {
        addTo(into, page << DIGIT_BITS | digit, counts[digit]);
      }
    }
    s.drop(digits);
  }

  private static void addTo(MagnitudeRange into, int place, int count) {
    if (count > 0) {
      into.add(place, count);
    }
  }
}
