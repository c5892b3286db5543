package dev.stockpot.merge.trial;

/** Hears of trials, on the thread that runs them. */
public interface TrialListener {
  /**
   * A candidate was scored, or could not be.
   *
   * @param number from 1
   * @param of how many there will be at most
   * @param verdict what that led to, in a word; empty if to nothing
   * @param isKnown whether its score was there from an earlier run
   */
  void tried(Trial trial, int number, long of, String verdict, boolean isKnown);
}
