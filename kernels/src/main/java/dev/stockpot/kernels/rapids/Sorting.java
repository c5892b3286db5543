package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.XOR;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT32;
import static dev.stockpot.kernels.rapids.ColumnType.INT32;

import dev.stockpot.kernels.SortingNetwork;
import java.util.ArrayList;
import java.util.List;

/**
 * Sorts vectors element by element. As integers that order as floats do, negative zero below zero,
 * each exchange is one comparison and two choices; where there is a NaN it is put in at the end, as
 * it would have passed through all minima and maxima.
 */
final class Sorting {
  private Sorting() {}

  /** The sorted values of the wanted places, in order; the scratch owns them. */
  static List<Column> sorted(Scratch s, SortingNetwork network, List<Column> values) {
    Column isNan = anyNan(s, values);
    List<Column> keys = new ArrayList<>();
    for (Column value : values) {
      keys.add(flipped(s, s.bits(value, INT32)));
    }
    for (SortingNetwork.Exchange exchange : network.exchanges()) {
      exchange(s, exchange, keys);
    }
    List<Column> sorted = new ArrayList<>();
    for (Column key : keys.subList(network.begin(), network.end())) {
      Column bits = flipped(s, key);
      s.drop(key);
      sorted.add(s.select(isNan, Literal.of(Float.NaN), s.bits(bits, FLOAT32)));
      s.drop(bits);
    }
    return sorted;
  }

  private static Column anyNan(Scratch s, List<Column> values) {
    Column any = s.isNan(values.get(0));
    for (Column value : values.subList(1, values.size())) {
      Column isNan = s.isNan(value);
      Column both = s.select(any, any, isNan);
      s.drop(any);
      s.drop(isNan);
      any = both;
    }
    return any;
  }

  /** Turns round the order of negative ones: from a float's bits to its key, and back. */
  private static Column flipped(Scratch s, Column bits) {
    Column isNegative = s.is(LESS, bits, Literal.int32(0));
    Column flips = s.binary(MULTIPLY, isNegative, Literal.int32(Integer.MAX_VALUE), INT32);
    s.drop(isNegative);
    Column flipped = s.binary(XOR, bits, flips, INT32);
    s.drop(flips);
    return flipped;
  }

  private static void exchange(Scratch s, SortingNetwork.Exchange exchange, List<Column> keys) {
    Column low = keys.get(exchange.low());
    Column high = keys.get(exchange.high());
    Column isSorted = s.is(LESS, low, high);
    if (exchange.wantsLow()) {
      keys.set(exchange.low(), s.select(isSorted, low, high));
    }
    if (exchange.wantsHigh()) {
      keys.set(exchange.high(), s.select(isSorted, high, low));
    }
    s.drop(isSorted);
    s.drop(low); // what is not wanted is not read again
    s.drop(high);
  }
}
