package dev.stockpot.kernels;

/** Counts what is left of each task vector, where a merge drops some of its elements. */
public final class KeptTally {
  private final long[] elements;
  private final long[] kept;

  /** Nothing is counted yet. */
  public KeptTally(int inputs) {
    elements = new long[inputs];
    kept = new long[inputs];
  }

  /** Counts a block of an input's task vector, once. */
  public void add(int input, int moreElements, int moreKept) {
    elements[input] += moreElements;
    kept[input] += moreKept;
  }

  /** How many elements of each input went through a drop; 0 where nothing is dropped. */
  public long[] elements() {
    return elements.clone();
  }

  /** How many of them are not zero afterwards. */
  public long[] kept() {
    return kept.clone();
  }
}
