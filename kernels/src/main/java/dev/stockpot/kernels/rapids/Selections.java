package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.GREATER;
import static dev.stockpot.kernels.rapids.BinaryOperation.GREATER_OR_EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS_OR_EQUAL;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT32;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.statistic.MagnitudeCounts;

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
  }

  /** Where the magnitude is that one. */
  static Column equalTo(Scratch s, Column a, float magnitude) {
    return Compared.of(s, a, magnitude).is(EQUAL, s);
  }

  /** What is not below a magnitude. */
  static Column from(Scratch s, Column a, float threshold) {
    return s.select(Compared.of(s, a, threshold).is(LESS, s), ZERO, a);
  }

  /** What is above a magnitude. */
  static Column above(Scratch s, Column a, float threshold) {
    return s.select(Compared.of(s, a, threshold).is(LESS_OR_EQUAL, s), ZERO, a);
  }

  /**
   * What is above a magnitude, and of what equals it the elements that the draw keeps. Few are
   * equal, and drawing costs ten times what finding them does, so it is done for these alone.
   */
  static Column largest(Scratch s, Column a, float threshold, RandomDrop ofEqual, Block block) {
    Compared compared = Compared.of(s, a, threshold);
    Column isEqual = compared.is(EQUAL, s);
    Column isBelow = compared.is(LESS, s);
    s.drop(compared.column());
    Column all = s.own(s.device().sequence(0, a.rows()));
    Column equal = s.own(s.device().filter(all, isEqual));
    s.drop(all);
    s.drop(isEqual);
    return s.select(with(s, isBelow, dropped(s, ofEqual, block, equal)), ZERO, a);
  }

  private static Column dropped(Scratch s, RandomDrop drop, Block block, Column places) {
    return places.rows() == 0 ? places : Draws.dropped(s, drop, block, places);
  }

  /** A mask that is also true at some places. Takes over both. */
  private static Column with(Scratch s, Column mask, Column places) {
    if (places.rows() == 0) {
      return mask;
    }
    Column all = s.is(GREATER_OR_EQUAL, places, Literal.uint32(0));
    Column both = s.own(s.device().scatter(all, places, mask));
    s.drop(all);
    s.drop(places);
    s.drop(mask);
    return both;
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
