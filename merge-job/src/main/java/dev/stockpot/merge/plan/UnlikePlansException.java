package dev.stockpot.merge.plan;

import dev.stockpot.merge.UserException;

/** A merge cannot be made together with others in one reading of their inputs. */
public final class UnlikePlansException extends UserException {
  private static final long serialVersionUID = 1;

  private final int merge;

  /**
   * @param merge place of the merge among those that were to be made together
   * @param what is unlike; words that follow the merge's number
   */
  UnlikePlansException(int merge, String what) {
    super(
        "Merge %s %s. Merges in one reading differ in weights and parameters only"
            .formatted(merge + 1, what));
    this.merge = merge;
  }

  /** Place of the merge among those that were to be made together. */
  public int merge() {
    return merge;
  }
}
