package dev.stockpot.kernels.rapids;

/** Columns that hold another one many times. */
final class Repeats {
  private Repeats() {}

  /** So many times, one behind the other. Takes over the column. */
  static Column behind(Scratch s, Column once, int times) {
    int rows = once.rows() * times;
    Column all = once;
    while (all.rows() < rows) {
      Column more = s.slice(all, 0, Math.min(all.rows(), rows - all.rows()));
      Column both = s.own(s.device().joined(all, more));
      s.drop(more);
      s.drop(all);
      all = both;
    }
    return all;
  }
}
