package dev.stockpot.kernels.scalar;

import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RankedDrop;
import dev.stockpot.kernels.statistic.LaneSum;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.MagnitudeRange;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Plain loops over arrays. What they compute is right by definition; other providers must equal
 * them.
 */
public class ScalarKernels extends BlockStorage {
  private final RankedSelection ranked = new RankedSelection();
  private final SoftmaxDivergence divergence;
  private final LaneSum ofRow = new LaneSum();

  ScalarKernels(int elements) {
    this(elements, new SoftmaxDivergence());
  }

  /** For blocks of up to {@link #CAPACITY} elements, or as many as that if it is more. */
  protected ScalarKernels(int elements, SoftmaxDivergence divergence) {
    super(elements);
    this.divergence = divergence;
  }

  @Override
  public final void zero(float[] into) {
    Arrays.fill(into, 0, block().count(), 0f);
  }

  @Override
  public void add(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      into[i] = a[i] + b[i];
    }
  }

  @Override
  public void subtract(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      into[i] = a[i] - b[i];
    }
  }

  @Override
  public void multiply(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      into[i] = a[i] * b[i];
    }
  }

  @Override
  public void scale(float[] a, float factor, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      into[i] = factor * a[i];
    }
  }

  @Override
  public void divide(float[] a, float divisor, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      into[i] = a[i] / divisor;
    }
  }

  @Override
  public void divideUnlessZero(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      into[i] = b[i] == 0 ? a[i] : a[i] / b[i];
    }
  }

  @Override
  public void limit(float[] a, float bound, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      into[i] = Math.max(-bound, Math.min(a[i], bound));
    }
  }

  @Override
  public void min(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      into[i] = Math.min(a[i], b[i]);
    }
  }

  @Override
  public void max(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      into[i] = Math.max(a[i], b[i]);
    }
  }

  @Override
  public void largest(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      into[i] = MagnitudeCounts.bits(b[i]) > MagnitudeCounts.bits(a[i]) ? b[i] : a[i];
    }
  }

  @Override
  public void keepAbove(float[] a, float threshold, float[] into) {
    int limit = MagnitudeCounts.bits(threshold);
    for (int i = 0; i < block().count(); i++) {
      into[i] = MagnitudeCounts.bits(a[i]) > limit ? a[i] : 0;
    }
  }

  @Override
  public void keepFrom(float[] a, float threshold, float[] into) {
    int limit = MagnitudeCounts.bits(threshold);
    for (int i = 0; i < block().count(); i++) {
      into[i] = MagnitudeCounts.bits(a[i]) >= limit ? a[i] : 0;
    }
  }

  @Override
  public void keepLargest(float[] a, float threshold, RandomDrop ofEqual, float[] into) {
    int limit = MagnitudeCounts.bits(threshold);
    for (int i = 0; i < block().count(); i++) {
      int magnitude = MagnitudeCounts.bits(a[i]);
      boolean keeps =
          magnitude == limit ? ofEqual.keeps(block().firstElement() + i) : magnitude > limit;
      into[i] = keeps ? a[i] : 0;
    }
  }

  @Override
  public void keepAtRandom(float[] a, RandomDrop drop, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      into[i] = drop.keeps(block().firstElement() + i) ? a[i] : 0;
    }
  }

  @Override
  public final void keepAtRandomByRank(float[] a, RankedDrop drop, float[] into) {
    ranked.apply(block(), a, drop, into);
  }

  @Override
  public void keepSign(float[] a, float[] sign, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      boolean opposes = sign[i] < 0 ? a[i] > 0 : a[i] < 0;
      into[i] = opposes ? 0 : a[i];
    }
  }

  @Override
  public void keepWhereNotZero(float[] a, float[] mask, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      into[i] = mask[i] == 0 ? 0 : a[i];
    }
  }

  @Override
  public void addWhereNotZero(float[] a, float weight, float[] into) {
    for (int i = 0; i < block().count(); i++) {
      if (a[i] != 0) {
        into[i] += weight;
      }
    }
  }

  @Override
  public void addProducts(float[] a, float[] b, LaneSum sum) {
    add(i -> (double) a[i] * b[i], sum);
  }

  @Override
  public final double[] productsOfRows(float[] a, float[] b) {
    addProducts(a, b, ofRow);
    return new double[] {ofRow.take()};
  }

  @Override
  public void addProducts(float[] a, float[] b, double[][] sums) {
    double[] ofColumns = sums[0];
    for (int i = 0; i < block().count(); i++) {
      ofColumns[i] += (double) a[i] * b[i];
    }
  }

  @Override
  public void addMagnitudes(float[] a, LaneSum sum) {
    add(i -> Math.abs(a[i]), sum);
  }

  private void add(IntToDoubleFunction elements, LaneSum sum) {
    int begin = 0;
    for (int end : block().reductionEnds()) {
      if (begin > 0) {
        sum.next();
      }
      int first = begin;
      sum.add(end - first, i -> elements.applyAsDouble(first + i));
      begin = end;
    }
  }

  @Override
  public final double[] divergencesOfRows(float[] a, float[] b) {
    return new double[] {divergence.of(a, b, block().count())};
  }

  @Override
  public int countEqual(float[] a, float magnitude) {
    int wanted = MagnitudeCounts.bits(magnitude);
    int equal = 0;
    for (int i = 0; i < block().count(); i++) {
      equal += MagnitudeCounts.bits(a[i]) == wanted ? 1 : 0;
    }
    return equal;
  }

  @Override
  public void count(float[] a, MagnitudeCounts into) {
    for (int i = 0; i < block().count(); i++) {
      into.count(a[i]);
    }
  }

  @Override
  public void count(float[] a, MagnitudeRange into) {
    for (int i = 0; i < block().count(); i++) {
      into.count(a[i]);
    }
  }
}
