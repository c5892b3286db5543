package dev.stockpot.kernels;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Batcher's odd-even merge sort (Sorting networks and their applications, 1968) as a list of
 * comparisons that do not depend on what is sorted, so that whole vectors are sorted at once.
 *
 * @param places how many values it sorts
 * @param begin the first place in which the right value is wanted
 * @param end the place behind the last such one
 * @param exchanges in order
 */
public record SortingNetwork(int places, int begin, int end, List<Exchange> exchanges) {

  /**
   * Puts the smaller one of two values in the lower of two places, the larger in the higher.
   *
   * @param wantsLow whether the value in the lower place is needed later
   * @param wantsHigh whether the value in the higher place is
   */
  public record Exchange(int low, int high, boolean wantsLow, boolean wantsHigh) {}

  public SortingNetwork {
    exchanges = List.copyOf(exchanges);
  }

  public static SortingNetwork of(int places) {
    List<Exchange> exchanges = new ArrayList<>();
    for (int run = 1; run < places; run *= 2) {
      for (int step = run; step >= 1; step /= 2) {
        for (int begin = step % run; begin + step < places; begin += 2 * step) {
          for (int i = begin; i < Math.min(begin + step, places - step); i++) {
            if (i / (2 * run) == (i + step) / (2 * run)) { // within a pair of runs to be merged
              exchanges.add(new Exchange(i, i + step, true, true));
            }
          }
        }
      }
    }
    return new SortingNetwork(places, 0, places, exchanges);
  }

  /** What decides the values in the places from {@code first} to before {@code last} alone. */
  public SortingNetwork decidingOnly(int first, int last) {
    boolean[] matters = new boolean[places];
    for (int i = first; i < last; i++) {
      matters[i] = true;
    }
    List<Exchange> deciding = new ArrayList<>();
    for (int i = exchanges.size() - 1; i >= 0; i--) {
      int low = exchanges.get(i).low;
      int high = exchanges.get(i).high;
      if (matters[low] || matters[high]) {
        deciding.add(new Exchange(low, high, matters[low], matters[high]));
        matters[low] = true;
        matters[high] = true;
      }
    }
    Collections.reverse(deciding);
    return new SortingNetwork(places, first, last, deciding);
  }
}
