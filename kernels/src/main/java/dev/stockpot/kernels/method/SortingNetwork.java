package dev.stockpot.kernels.method;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Batcher's odd-even merge sort as a list of comparisons that do not depend on what is sorted, so
 * that they can be made of minima and maxima of whole vectors.
 *
 * @param places how many values it sorts
 * @param exchanges in order
 */
record SortingNetwork(int places, List<Exchange> exchanges) {

  /** Puts the smaller one of two values in the lower of two places, the larger in the higher. */
  record Exchange(int low, int high) {}

  SortingNetwork {
    exchanges = List.copyOf(exchanges);
  }

  static SortingNetwork of(int places) {
    List<Exchange> exchanges = new ArrayList<>();
    for (int run = 1; run < places; run *= 2) {
      for (int step = run; step >= 1; step /= 2) {
        for (int begin = step % run; begin + step < places; begin += 2 * step) {
          for (int i = begin; i < Math.min(begin + step, places - step); i++) {
            if (i / (2 * run) == (i + step) / (2 * run)) { // within a pair of runs to be merged
              exchanges.add(new Exchange(i, i + step));
            }
          }
        }
      }
    }
    return new SortingNetwork(places, exchanges);
  }

  /** Those on which the values in the places from {@code begin} to before {@code end} depend. */
  List<Exchange> decidingOnly(int begin, int end) {
    boolean[] matters = new boolean[places];
    for (int i = begin; i < end; i++) {
      matters[i] = true;
    }
    List<Exchange> deciding = new ArrayList<>();
    for (int i = exchanges.size() - 1; i >= 0; i--) {
      Exchange exchange = exchanges.get(i);
      if (matters[exchange.low] || matters[exchange.high]) {
        matters[exchange.low] = true;
        matters[exchange.high] = true;
        deciding.add(exchange);
      }
    }
    Collections.reverse(deciding);
    return deciding;
  }
}
