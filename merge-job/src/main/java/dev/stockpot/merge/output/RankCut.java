package dev.stockpot.merge.output;

import java.io.Serializable;

/**
 * What two thin matrices hold of a change, as they are stored.
 *
 * @param rank of their product
 * @param norm length of the change: root of the sum of its squares
 * @param error length of what they lack, in units of the change's
 * @param stableRank of the change: the square of its length, in units of that of its largest
 *     singular value
 */
public record RankCut(int rank, double norm, double error, double stableRank)
    implements Serializable {
  public RankCut {
    if (rank < 1 || !(norm >= 0) || !(error >= 0) || !(stableRank >= 0)) {
      throw new IllegalArgumentException(
          "rank %s, norm %s, error %s, stable rank %s".formatted(rank, norm, error, stableRank));
    }
  }
}
