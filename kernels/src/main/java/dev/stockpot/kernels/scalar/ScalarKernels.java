package dev.stockpot.kernels.scalar;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.LaneSum;
import dev.stockpot.kernels.MagnitudeCounts;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.RandomDrop;
import dev.stockpot.kernels.RankedDrop;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.Float16;
import java.util.Arrays;

/**
 * Plain loops over arrays. What they compute is right by definition; other providers must equal
 * them.
 */
public class ScalarKernels implements Kernels<float[]> {
  /** 8 KiB a vector: half a dozen of them stay in a 48 KiB L1 cache, all of a merge's in L2. */
  public static final int CAPACITY = 2048;

  private final int capacity;
  private final short[] shorts;
  private final double[] doubles;
  private final float[] loaded;
  private final RankedSelection ranked = new RankedSelection();
  private final SoftmaxDivergence divergence;
  private Block block = new Block(0, 0, 0);

  ScalarKernels(int elements) {
    this(elements, new SoftmaxDivergence());
  }

  /**
   * Kernels whose blocks have up to {@link #CAPACITY} elements, or as many as that if it is more.
   */
  protected ScalarKernels(int elements, SoftmaxDivergence divergence) {
    capacity = Math.max(CAPACITY, (elements + LaneSum.LANES - 1) / LaneSum.LANES * LaneSum.LANES);
    shorts = new short[capacity];
    doubles = new double[capacity];
    loaded = new float[capacity];
    this.divergence = divergence;
  }

  @Override
  public final int capacity() {
    return capacity;
  }

  @Override
  public final float[] vector() {
    return new float[capacity];
  }

  @Override
  public final void begin(Block next) {
    if (next.count() > capacity) {
      throw new IllegalArgumentException("%s has more than %s elements".formatted(next, capacity));
    }
    block = next;
  }

  protected final Block block() {
    return block;
  }

  /** The block's elements of a 16-bit operand, copied on heap: lanes and loops read arrays only. */
  protected final short[] shortsOf(Operand from) {
    from.shorts().get(block.offset(), shorts, 0, block.count());
    return shorts;
  }

  /** Where to put the block's 16-bit elements before {@link #putShorts}. */
  protected final short[] shortsToPut() {
    return shorts;
  }

  protected final void putShorts(Operand to) {
    to.shorts().put(block.offset(), shorts, 0, block.count());
  }

  @Override
  public void load(Operand from, float[] into) {
    int count = block.count();
    switch (from.dtype()) {
      case BF16 -> {
        short[] bits = shortsOf(from);
        for (int i = 0; i < count; i++) {
          into[i] = Bfloat16.toFloat(bits[i]);
        }
      }
      case F16 -> {
        short[] bits = shortsOf(from);
        for (int i = 0; i < count; i++) {
          into[i] = Float16.toFloat(bits[i]);
        }
      }
      case F32 -> from.floats().get(block.offset(), into, 0, count);
      case F64 -> {
        from.doubles().get(block.offset(), doubles, 0, count);
        for (int i = 0; i < count; i++) {
          into[i] = (float) doubles[i];
        }
      }
      default -> throw unmergeable(from);
    }
  }

  @Override
  public final void load(float[] from, float[] into) {
    System.arraycopy(from, 0, into, 0, block.count());
  }

  @Override
  public void store(float[] from, Operand to) {
    int count = block.count();
    switch (to.dtype()) {
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          shorts[i] = Bfloat16.fromFloat(from[i]);
        }
        putShorts(to);
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          shorts[i] = Float16.fromFloat(from[i]);
        }
        putShorts(to);
      }
      case F32 -> {
        for (int i = 0; i < count; i++) {
          loaded[i] = Float.isNaN(from[i]) ? Float.NaN : from[i];
        }
        to.floats().put(block.offset(), loaded, 0, count);
      }
      case F64 -> {
        for (int i = 0; i < count; i++) {
          doubles[i] = Float.isNaN(from[i]) ? Double.NaN : from[i];
        }
        to.doubles().put(block.offset(), doubles, 0, count);
      }
      default -> throw unmergeable(to);
    }
  }

  private static IllegalStateException unmergeable(Operand operand) {
    return new IllegalStateException("%s passed as an operand".formatted(operand.dtype()));
  }

  @Override
  public void loadDifference(Operand from, float[] origin, float[] into) {
    load(from, loaded);
    for (int i = 0; i < block.count(); i++) {
      into[i] = loaded[i] - origin[i];
    }
  }

  @Override
  public void addScaled(Operand from, float weight, float[] into) {
    load(from, loaded);
    for (int i = 0; i < block.count(); i++) {
      into[i] += weight * loaded[i];
    }
  }

  @Override
  public final void zero(float[] into) {
    Arrays.fill(into, 0, block.count(), 0f);
  }

  @Override
  public void add(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      into[i] = a[i] + b[i];
    }
  }

  @Override
  public void subtract(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      into[i] = a[i] - b[i];
    }
  }

  @Override
  public void multiply(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      into[i] = a[i] * b[i];
    }
  }

  @Override
  public void scale(float[] a, float factor, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      into[i] = factor * a[i];
    }
  }

  @Override
  public void divide(float[] a, float divisor, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      into[i] = a[i] / divisor;
    }
  }

  @Override
  public void divideUnlessZero(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      into[i] = b[i] == 0 ? a[i] : a[i] / b[i];
    }
  }

  @Override
  public void limit(float[] a, float bound, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      into[i] = Math.max(-bound, Math.min(a[i], bound));
    }
  }

  @Override
  public void min(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      into[i] = Math.min(a[i], b[i]);
    }
  }

  @Override
  public void max(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      into[i] = Math.max(a[i], b[i]);
    }
  }

  @Override
  public void largest(float[] a, float[] b, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      into[i] = MagnitudeCounts.bits(b[i]) > MagnitudeCounts.bits(a[i]) ? b[i] : a[i];
    }
  }

  @Override
  public int keepLargest(float[] a, float threshold, long ties, float[] into) {
    int limit = MagnitudeCounts.bits(threshold);
    int kept = 0;
    for (int i = 0; i < block.count(); i++) {
      int magnitude = MagnitudeCounts.bits(a[i]);
      boolean keep = magnitude > limit;
      if (magnitude == limit && kept < ties) {
        keep = true;
        kept++;
      }
      into[i] = keep ? a[i] : 0;
    }
    return kept;
  }

  @Override
  public void keepAtRandom(float[] a, RandomDrop drop, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      into[i] = drop.keeps(block.firstElement() + i) ? a[i] : 0;
    }
  }

  @Override
  public final void keepAtRandomByRank(float[] a, RankedDrop drop, float[] into) {
    ranked.apply(block, a, drop, into);
  }

  @Override
  public void keepSign(float[] a, float[] sign, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      boolean opposes = sign[i] < 0 ? a[i] > 0 : a[i] < 0;
      into[i] = opposes ? 0 : a[i];
    }
  }

  @Override
  public void keepWhereNotZero(float[] a, float[] mask, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      into[i] = mask[i] == 0 ? 0 : a[i];
    }
  }

  @Override
  public void addWhereNotZero(float[] a, float weight, float[] into) {
    for (int i = 0; i < block.count(); i++) {
      if (a[i] != 0) {
        into[i] += weight;
      }
    }
  }

  @Override
  public void addProducts(float[] a, float[] b, LaneSum sum) {
    double[] lanes = sum.lanes();
    for (int i = 0; i < block.count(); i++) {
      lanes[i % LaneSum.LANES] += (double) a[i] * b[i];
    }
  }

  @Override
  public void addProducts(float[] a, float[] b, double[] sums) {
    for (int i = 0; i < block.count(); i++) {
      sums[i] += (double) a[i] * b[i];
    }
  }

  @Override
  public void addMagnitudes(float[] a, LaneSum sum) {
    double[] lanes = sum.lanes();
    for (int i = 0; i < block.count(); i++) {
      lanes[i % LaneSum.LANES] += Math.abs(a[i]);
    }
  }

  @Override
  public final double divergence(float[] a, float[] b) {
    return divergence.of(a, b, block.count());
  }

  @Override
  public void count(float[] a, MagnitudeCounts into) {
    for (int i = 0; i < block.count(); i++) {
      into.count(a[i]);
    }
  }

  @Override
  public final void close() {}
}
