package dev.stockpot.kernels.statistic;

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

  /** One for the same inputs that has counted nothing. */
  public KeptTally another() {
    return new KeptTally(elements.length);
  }

  /** Counts what another one did. */
  public void add(KeptTally other) {
    for (int input = 0; input < elements.length; input++) {
      elements[input] += other.elements[input];
      kept[input] += other.kept[input];
    }
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
