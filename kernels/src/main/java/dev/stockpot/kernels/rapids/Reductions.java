package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.GREATER_OR_EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_RIGHT;
import static dev.stockpot.kernels.rapids.BinaryOperation.SUBTRACT;
import static dev.stockpot.kernels.rapids.ColumnType.UINT16;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.statistic.LaneSum;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.MagnitudeRange;

/** What is found of all elements of a block: sums and counts. */
final class Reductions {
  /** One digit of {@link MagnitudeCounts}. */
  private static final int DIGIT_BITS = 16;

  /** Above so many times 2¹⁶ places, a few elements of each are counted faster by the host. */
  private static final int MOST_PAGES = 4;

  private Reductions() {}

  /** Adds float32 or float64 elements of a block, which are in {@link LaneOrder}. */
  static void add(Scratch s, Column ordered, Block block, LaneSum sum) {
    double[] lanes = LaneOrder.sums(s, ordered);
    int[] groups = LaneOrder.groups(block);
    for (int group = 0; group < groups.length; group++) {
      if (group > 0 && block.startsReduction(groups[group])) {
        sum.next();
      }
      for (int lane = 0; lane < LaneSum.LANES; lane++) {
        sum.lanes()[lane] += lanes[group * LaneSum.LANES + lane];
      }
    }
  }

  /** Adds up such elements of each row by itself. */
  static double[] ofRows(Scratch s, Column ordered, Block block) {
    return ofRows(LaneOrder.sums(s, ordered), block.rows());
  }

  /** The sums of so many rows, of which there are as many times all lanes. */
  static double[] ofRows(double[] lanes, int rows) {
    double[] sums = new double[rows];
    int ofRow = lanes.length / rows;
    LaneSum sum = new LaneSum();
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < ofRow; i++) {
        sum.lanes()[i % LaneSum.LANES] += lanes[row * ofRow + i];
      }
      sums[row] = sum.take();
    }
    return sums;
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

  static void count(Scratch s, Column a, MagnitudeCounts into) {
    int[] counts = into.counts();
    if (into.bin() == MagnitudeCounts.ALL_BINS) {
      Column upper = s.binary(SHIFT_RIGHT, s.bits(a, UINT32), Literal.uint32(DIGIT_BITS), UINT16);
      int[] found = s.device().histogram(upper);
      for (int digit = 0; digit < found.length; digit++) {
        int bin = digit & 0x7FFF; // without the sign
        counts[Math.min(bin, MagnitudeCounts.NAN >>> DIGIT_BITS)] += found[digit];
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
