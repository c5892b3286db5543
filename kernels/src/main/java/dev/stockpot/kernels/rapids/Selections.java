package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.GREATER;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS_OR_EQUAL;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.MagnitudeCounts;
import dev.stockpot.kernels.RandomDrop;
import dev.stockpot.kernels.RankedDrop;
import java.util.Arrays;

/** Which elements of a block stay, as masks: by magnitude, by lot, by both. */
final class Selections {
  static final Literal ZERO = Literal.of(0);

  private Selections() {}

  /** The bits by which {@link MagnitudeCounts} orders magnitudes. */
  static Column magnitudes(Scratch s, Column a) {
    Column bits = s.binary(AND, s.bits(a, UINT32), Literal.uint32(0x7FFFFFFF), UINT32);
    Column above = s.is(GREATER, bits, Literal.uint32(MagnitudeCounts.NAN));
    Column limited = s.select(above, Literal.uint32(MagnitudeCounts.NAN), bits);
    s.drop(bits);
    s.drop(above);
    return limited;
  }

  /** Where the magnitude is that one. */
  static Column equalTo(Scratch s, Column a, float magnitude) {
    return s.is(EQUAL, magnitudes(s, a), Literal.uint32(MagnitudeCounts.bits(magnitude)));
  }

  /** What was kept, and how many of it were ties. */
  record Kept(Column column, int ties) {}

  static Kept largest(Scratch s, Column a, float threshold, long ties) {
    Literal limit = Literal.uint32(MagnitudeCounts.bits(threshold));
    Column magnitudes = magnitudes(s, a);
    Column isLess = s.is(LESS, magnitudes, limit);
    Column isEqual = s.is(EQUAL, magnitudes, limit);
    s.drop(magnitudes);
    int equal = s.device().count(isEqual);
    Column large = s.select(isLess, ZERO, a);
    if (ties <= 0) {
      return new Kept(s.select(isEqual, ZERO, large), 0);
    }
    if (equal <= ties) {
      return new Kept(large, equal);
    }
    Column place = s.own(s.device().runningCount(isEqual));
    Column comesFirst = s.is(LESS_OR_EQUAL, place, Literal.int32((int) ties));
    s.drop(place);
    Column kept = s.select(comesFirst, a, s.own(s.device().filled(ZERO, a.rows())));
    return new Kept(s.select(isEqual, kept, large), (int) ties);
  }

  static Column atRandom(Scratch s, Column a, RandomDrop drop, Block block) {
    Column draws = Draws.of(s, drop.draws(), block);
    Column stays = s.is(LESS, draws, Literal.uint32(drop.keepBelow()));
    s.drop(draws);
    return s.select(stays, a, s.own(s.device().filled(ZERO, a.rows())));
  }

  /**
   * Ranks are found on the host, by a sort: rows long enough for a device are rare, and such drops
   * rarer still.
   */
  static Column atRandomByRank(Scratch s, Column a, RankedDrop drop, Block block) {
    int count = block.count();
    float[] values = s.device().downloadFloats(a);
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      order[i] = (long) MagnitudeCounts.bits(values[i]) << 32 | i;
    }
    Arrays.sort(order);
    int[] draws = new int[count];
    drop.unranked().draws().draw(block.firstElement(), count, draws);
    byte[] stays = new byte[count];
    for (int rank = 0; rank < count; rank++) {
      int i = (int) order[rank];
      boolean kept = Integer.compareUnsigned(draws[i], drop.keepBelow(rank, count)) < 0;
      stays[i] = (byte) (kept && values[i] != 0 ? 1 : 0);
    }
    Column mask = s.own(s.device().uploadMask(stays, count));
    return s.select(mask, a, s.own(s.device().filled(ZERO, count)));
  }

  /** What does not oppose a sign. */
  static Column sameSign(Scratch s, Column a, Column sign) {
    Column opposes = s.select(s.is(LESS, sign, ZERO), s.is(GREATER, a, ZERO), s.is(LESS, a, ZERO));
    return s.select(opposes, ZERO, a);
  }

  /** The one of larger magnitude. */
  static Column larger(Scratch s, Column a, Column b) {
    Column ofA = magnitudes(s, a);
    Column ofB = magnitudes(s, b);
    return s.select(s.is(GREATER, ofB, ofA), b, a);
  }

  /** Sums indices that wrap, as all of {@link ColumnType#UINT32} does. */
  static Column plus(Scratch s, Column indices, int number) {
    return s.binary(ADD, indices, Literal.uint32(number), UINT32);
  }
}
