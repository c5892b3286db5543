package dev.stockpot.kernels.scalar;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.LaneSum;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.Float16;

/** Vectors as arrays, and how a block's elements come into them from operands, and go back. */
public abstract class BlockStorage implements Kernels<float[]> {
  /** 8 KiB a vector: half a dozen of them stay in a 48 KiB L1 cache, all of a merge's in L2. */
  public static final int CAPACITY = 2048;

  private final int capacity;
  private final short[] shorts;
  private final double[] doubles;
  private final float[] loaded;
  private Block block = new Block(0, 0, 0);

  /** For blocks of up to {@link #CAPACITY} elements, or as many as that if it is more. */
  BlockStorage(int elements) {
    capacity = Math.max(CAPACITY, (elements + LaneSum.LANES - 1) / LaneSum.LANES * LaneSum.LANES);
    shorts = new short[capacity];
    doubles = new double[capacity];
    loaded = new float[capacity];
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
  public final void close() {}
}
