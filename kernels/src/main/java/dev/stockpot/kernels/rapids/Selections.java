package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.GREATER;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS_OR_EQUAL;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT32;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;

import dev.stockpot.kernels.statistic.MagnitudeCounts;
import java.util.Arrays;

/** Which elements of a block stay, as masks: by magnitude, by lot, by both. */
final class Selections {
  static final Literal ZERO = Literal.of(0);

  private Selections() {}

  /** The bits of magnitudes, which order as they do, NaN above infinity. */
  static Column bits(Scratch s, Column a) {
    return s.binary(AND, s.bits(a, UINT32), Literal.uint32(0x7FFFFFFF), UINT32);
  }

  /** The bits by which {@link MagnitudeCounts} orders magnitudes: some NaN count as one. */
  static Column magnitudes(Scratch s, Column a) {
    Column bits = bits(s, a);
    Column above = s.is(GREATER, bits, Literal.uint32(MagnitudeCounts.NAN));
    Column limited = s.select(above, Literal.uint32(MagnitudeCounts.NAN), bits);
    s.drop(bits);
    s.drop(above);
    return limited;
  }

  /** Magnitudes as numbers. */
  static Column absolute(Scratch s, Column a) {
    return s.retyped(bits(s, a), FLOAT32);
  }

  /**
   * Magnitudes beside a threshold, so that comparing them orders them as {@link MagnitudeCounts}
   * does. Numbers are compared as such: NaN is then neither less nor equal.
   */
  private record Compared(Column column, Literal threshold) {
    static Compared of(Scratch s, Column a, float threshold) {
      return Float.isNaN(threshold)
          ? new Compared(magnitudes(s, a), Literal.uint32(MagnitudeCounts.bits(threshold)))
          : new Compared(absolute(s, a), Literal.of(threshold));
    }

    Column is(BinaryOperation comparison, Scratch s) {
      return s.is(comparison, column, threshold);
    }

    /** Of consecutive elements only. */
    Column is(BinaryOperation comparison, Scratch s, int first, int rows) {
      return s.is(comparison, s.slice(column, first, rows), threshold);
    }
  }

  /** Where the magnitude is that one. */
  static Column equalTo(Scratch s, Column a, float magnitude) {
    return Compared.of(s, a, magnitude).is(EQUAL, s);
  }

  /** What is not below a magnitude. */
  static Column from(Scratch s, Column a, float threshold) {
    return s.select(Compared.of(s, a, threshold).is(LESS, s), ZERO, a);
  }

  /** What was kept, and how many of it were ties. */
  record Kept(Column column, int ties) {}

  static Kept largest(Scratch s, Column a, float threshold, long ties) {
    Compared compared = Compared.of(s, a, threshold);
    if (ties <= 0) {
      return new Kept(s.select(compared.is(LESS_OR_EQUAL, s), ZERO, a), 0);
    }
    Column isEqual = compared.is(EQUAL, s);
    int[] ends = Reductions.pieces(a.rows());
    int[] equal = s.device().counts(isEqual, ends);
    int all = Arrays.stream(equal).sum();
    if (all <= ties) {
      s.drop(isEqual);
      return new Kept(s.select(compared.is(LESS, s), ZERO, a), all);
    }
    int cut = behind(s, isEqual, ends, equal, (int) ties);
    s.drop(isEqual);
    Column before = compared.is(LESS, s, 0, cut);
    Column after = compared.is(LESS_OR_EQUAL, s, cut, a.rows() - cut);
    Column drops = s.own(s.device().joined(before, after));
    return new Kept(s.select(drops, ZERO, a), (int) ties);
  }

  /** The place behind the true element of that number, of which there are more. */
  private static int behind(Scratch s, Column mask, int[] ends, int[] counts, int number) {
    int run = 0;
    int left = number;
    while (counts[run] < left) {
      left -= counts[run++];
    }
    int place = run == 0 ? 0 : ends[run - 1];
    try (Column last = s.device().slice(mask, place, ends[run] - place)) {
      for (byte isTrue : s.device().downloadMask(last)) {
        place++;
        left -= isTrue;
        if (left == 0) {
          break;
        }
      }
    }
    return place;
  }

  /** What does not oppose a sign. */
  static Column sameSign(Scratch s, Column a, Column sign) {
    Column opposes = s.select(s.is(LESS, sign, ZERO), s.is(GREATER, a, ZERO), s.is(LESS, a, ZERO));
    return s.select(opposes, ZERO, a);
  }

  /**
   * What has the sign of a sum that began at zero: not as {@link #sameSign} where an element is
   * negative zero, which makes no difference to what it is added to.
   */
  static Column elected(Scratch s, DeviceVector a, DeviceVector sum) {
    Column isNegative = s.is(LESS, a.column(), ZERO);
    Column agrees = s.is(EQUAL, isNegative, sum.negatives(s.device()));
    s.drop(isNegative);
    Column elected = s.select(agrees, a.column(), ZERO);
    s.drop(agrees);
    return elected;
  }

  /** The one of larger magnitude; of two NaN, either. */
  static Column larger(Scratch s, Column a, Column b) {
    Column ofA = bits(s, a);
    Column ofB = bits(s, b);
    return s.select(s.is(GREATER, ofB, ofA), b, a);
  }

  /** Sums indices that wrap, as all of {@link ColumnType#UINT32} does. */
  static Column plus(Scratch s, Column indices, int number) {
    return s.binary(ADD, indices, Literal.uint32(number), UINT32);
  }
}
