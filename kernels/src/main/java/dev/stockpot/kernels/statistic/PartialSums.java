package dev.stockpot.kernels.statistic;

import java.util.Arrays;

/**
 * Several float64 sums over a run of elements, one partial sum of each per reduction block: added
 * up in the order of the blocks, they give the same total however the tensor was cut.
 *
 * @param width how many sums
 * @param partials {@code width} of them for each reduction block
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PartialSums(int width, double[] partials) implements Statistic {

  @Override
  public PartialSums plus(Statistic next) {
    if (!(next instanceof PartialSums more) || more.width != width) {
      throw new IllegalArgumentException("%s after %s sums".formatted(next, width));
    }
    double[] both = Arrays.copyOf(partials, partials.length + more.partials.length);
    System.arraycopy(more.partials, 0, both, partials.length, more.partials.length);
    return new PartialSums(width, both);
  }

  public double total(int sum) {
    double total = 0;
    for (int i = sum; i < partials.length; i += width) {
      total += partials[i];
    }
    return total;
  }
}
