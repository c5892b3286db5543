package dev.stockpot.merge.plan;

import dev.stockpot.merge.FailureKind;
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
        "Merge %s %s. Merges in one reading make the same tensors, and look at the same: make it by itself"
            .formatted(merge + 1, what));
    this.merge = merge;
  }

  @Override
  public FailureKind kind() {
    return FailureKind.UNLIKE;
  }

  /** Place of the merge among those that were to be made together. */
  int merge() {
    return merge;
  }
}
