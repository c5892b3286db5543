package dev.stockpot.merge.engine;

import dev.stockpot.merge.part.PartTimes;
import dev.stockpot.merge.storage.StoreRequests;
import java.io.Serializable;

/**
 * What tasks did.
 *
 * @param tasks that ended well
 * @param times of these tasks
 * @param requests to remote stores, of all that worked for the merge
 */
public record MergeTotals(long tasks, PartTimes times, StoreRequests requests)
    implements Serializable {
  public static final MergeTotals NONE = new MergeTotals(0, PartTimes.NONE, StoreRequests.NONE);

  public MergeTotals plus(MergeTotals other) {
    return new MergeTotals(
        tasks + other.tasks, times.plus(other.times), requests.plus(other.requests));
  }
}
