package dev.stockpot.merge.predict;

import dev.stockpot.kernels.random.RandomStream;
import java.util.List;

/**
 * Sums over resampled examples: in each replicate, each example counts a number of times that
 * follows a Poisson distribution of mean one. The number is a function of seed, replicate and id,
 * so that one pass makes all replicates, and the same ones wherever it runs.
 *
 * @see <a href="https://arxiv.org/abs/1106.5730">Chamandy et al.: Estimating Uncertainty for
 *     Massive Data Streams (Poisson bootstrap)</a>
 */
record Resampled(List<Combination> series, int replicates, long seed) implements RowSums {
  static final int RIGHT = 1;
  static final int NLL = 2;
  static final int BRIER = 3;
  static final int GAPS = 4;

  /** Sums of one series in one replicate: the last are of right less confidence, by bin. */
  static final int WIDTH = GAPS + Bins.COUNT;

  /** P(X &lt;= k) of a Poisson distribution of mean one, in units of 2^-32. */
  private static final long[] UP_TO = upTo();

  private static long[] upTo() {
    long[] upTo = new long[12];
    double sum = 0;
    double one = Math.exp(-1);
    for (int k = 0; k < upTo.length; k++) {
      sum += one;
      one /= k + 1;
      upTo[k] = Math.round(sum * 0x1p32);
    }
    return upTo;
  }

  static int poisson(int draw) {
    long uniform = Integer.toUnsignedLong(draw);
    int k = 0;
    while (k < UP_TO.length && uniform >= UP_TO[k]) {
      k++;
    }
    return k;
  }

  @Override
  public int size() {
    return replicates * series.size() * WIDTH;
  }

  @Override
  public void add(Block block, double[] sums) {
    Judged judged = Judged.of(block, series);
    long[] names = new long[judged.rows];
    int[][] bins = new int[series.size()][judged.rows];
    for (int i = 0; i < judged.rows; i++) {
      names[i] = RandomStream.of(seed, RandomStream.OUTPUT, block.id(judged.row[i])).key();
      for (int s = 0; s < bins.length; s++) {
        bins[s][i] = Bins.of(judged.confidence[s][i]);
      }
    }
    int[] times = new int[judged.rows];
    for (int replicate = 0; replicate < replicates; replicate++) {
      RandomStream stream = RandomStream.of(seed, RandomStream.OUTPUT, "replicate " + replicate);
      for (int i = 0; i < times.length; i++) {
        times[i] =
            poisson(
                RandomStream.draw(
                    (int) names[i], stream.firstKey(names[i]), stream.secondKey(names[i])));
      }
      for (int s = 0; s < bins.length; s++) {
        add(judged, s, times, bins[s], sums, (replicate * bins.length + s) * WIDTH);
      }
    }
  }

  private static void add(Judged judged, int s, int[] times, int[] bins, double[] sums, int at) {
    double count = 0;
    double right = 0;
    double nll = 0;
    double brier = 0;
    for (int i = 0; i < times.length; i++) {
      if (times[i] > 0 && judged.isThere[s][i]) {
        double isRight = judged.isRight[s][i] ? 1 : 0;
        count += times[i];
        right += times[i] * isRight;
        nll += times[i] * judged.nll[s][i];
        brier += times[i] * judged.brier[s][i];
        sums[at + GAPS + bins[i]] += times[i] * (isRight - judged.confidence[s][i]);
      }
    }
    sums[at] += count;
    sums[at + RIGHT] += right;
    sums[at + NLL] += nll;
    sums[at + BRIER] += brier;
  }
}
