package dev.stockpot.kernels.scalar;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.UpdateTally;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float16;
import dev.stockpot.kernels.number.Float8;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.LaneSum;
import java.nio.ShortBuffer;

/** Vectors as arrays, and how a block's elements come into them from operands, and go back. */
public abstract class BlockStorage implements Kernels<float[]> {
  /** 8 KiB a vector: half a dozen of them stay in a 48 KiB L1 cache, all of a merge's in L2. */
  public static final int CAPACITY = 2048;

  private static final int CACHE_LINE_ELEMENTS = 32;
  private static final int INFINITE_BITS = 0x7F800000;
  private static final int TOUCHED_ELEMENTS = 8 * CACHE_LINE_ELEMENTS;

  private final int capacity;
  private final byte[] bytes;
  private final short[] shorts;
  private final short[] stored;
  private final double[] doubles;
  private final float[] loaded;
  private short[] storedOfBase = new short[0];
  private int[] draws = new int[0];
  private Block block = new Block(0, 0, 0);

  /** Whether some float64 of the block may have become infinite. */
  private boolean hasOverflown;

  @SuppressWarnings("UnusedVariable") // no compiler may leave out what is written to it
  private int touched;

  /** For blocks of up to {@link #CAPACITY} elements, or as many as that if it is more. */
  BlockStorage(int elements) {
    capacity = Math.max(CAPACITY, (elements + LaneSum.LANES - 1) / LaneSum.LANES * LaneSum.LANES);
    bytes = new byte[capacity];
    shorts = new short[capacity];
    stored = new short[capacity];
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
    hasOverflown = false;
  }

  protected final Block block() {
    return block;
  }

  /** The block's elements of a 16-bit operand, copied on heap: lanes and loops read arrays only. */
  protected final short[] shortsOf(Operand from) {
    ShortBuffer elements = from.shorts();
    elements.get(block.offset(), shorts, 0, block.count());
    touch(elements, block.offset() + block.count());
    return shorts;
  }

  /** Lets memory send the beginning of what is next while this block is worked on. */
  private void touch(ShortBuffer elements, int next) {
    int end = Math.min(next + TOUCHED_ELEMENTS, elements.limit());
    for (int i = next; i < end; i += CACHE_LINE_ELEMENTS) {
      touched += elements.get(i);
    }
  }

  @Override
  public void load(Operand from, float[] into) {
    int count = block.count();
    switch (from.dtype()) {
      case F8_E4M3 -> {
        from.bytes().get(block.offset(), bytes, 0, count);
        for (int i = 0; i < count; i++) {
          into[i] = Float8.e4m3ToFloat(bytes[i]);
        }
      }
      case F8_E5M2 -> {
        from.bytes().get(block.offset(), bytes, 0, count);
        for (int i = 0; i < count; i++) {
          into[i] = Float8.e5m2ToFloat(bytes[i]);
        }
      }
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
        hasOverflown |= holdsNonFinite(into);
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
    boolean mayHold; // what is not finite, once it is stored
    switch (to.dtype()) {
      case BF16, F16 -> {
        mayHold = narrow(from, to.dtype(), to.rounding(), stored);
        to.shorts().put(block.offset(), stored, 0, count);
        to.updates().ifPresent(tally -> count(from, to, tally));
      }
      case F32 -> {
        mayHold = holdsNonFinite(from);
        for (int i = 0; mayHold && i < count; i++) {
          loaded[i] = Float.isNaN(from[i]) ? Float.NaN : from[i];
        }
        to.floats().put(block.offset(), mayHold ? loaded : from, 0, count);
      }
      case F64 -> {
        mayHold = holdsNonFinite(from);
        for (int i = 0; i < count; i++) {
          doubles[i] = from[i];
        }
        for (int i = 0; mayHold && i < count; i++) {
          doubles[i] = Float.isNaN(from[i]) ? Double.NaN : from[i];
        }
        to.doubles().put(block.offset(), doubles, 0, count);
      }
      default -> throw unmergeable(to);
    }
    boolean mayOverflow = hasOverflown;
    to.nonFinite().ifPresent(tally -> tally.add(block, from, to.dtype(), mayHold, mayOverflow));
  }

  /** Whether there may be NaN or infinity in the block, or in what is spare behind it. */
  protected boolean holdsNonFinite(float[] values) {
    int seen = 0;
    for (int i = 0; i < block.count(); i++) {
      seen |= beyond(values[i], INFINITE_BITS);
    }
    return seen < 0;
  }

  /** Negative if the value is at least so large, without its sign, or NaN. */
  private static int beyond(float value, int leastBits) {
    return (Float.floatToRawIntBits(value) & 0x7FFFFFFF) + (Integer.MIN_VALUE - leastBits);
  }

  /**
   * Rounds the block to 16 bits.
   *
   * @return whether there may be NaN or infinity in it, or in what is spare behind it
   */
  protected boolean narrow(float[] from, DType type, Rounding rounding, short[] into) {
    int count = block.count();
    int leastBits = NonFiniteTally.leastBits(type);
    int seen = 0;
    if (rounding.isStochastic()) {
      if (draws.length == 0) { // made on first use, as few merges need them
        draws = new int[capacity];
      }
      rounding.draws().draw(block.firstElement(), count, draws);
      for (int i = 0; i < count; i++) {
        seen |= beyond(from[i], leastBits);
        into[i] =
            type == DType.BF16
                ? Bfloat16.fromFloat(from[i], draws[i])
                : Float16.fromFloat(from[i], draws[i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        seen |= beyond(from[i], leastBits);
        into[i] = type == DType.BF16 ? Bfloat16.fromFloat(from[i]) : Float16.fromFloat(from[i]);
      }
    }
    return seen < 0;
  }

  /** Counts updates of a block that was just stored. */
  private void count(float[] from, Operand to, UpdateTally tally) {
    load(tally.base(), loaded);
    if (tally.base().dtype() == to.dtype()) { // its bits are stored as they are, but for NaN
      countUpdates(from, loaded, stored, shorts, tally);
      return;
    }
    if (storedOfBase.length == 0) { // made on first use, as few merges need it
      storedOfBase = new short[capacity];
    }
    narrow(loaded, to.dtype(), to.rounding(), storedOfBase);
    countUpdates(from, loaded, stored, storedOfBase, tally);
  }

  /**
   * Counts the elements whose value is not the base's, and those of them that are stored alike.
   *
   * @param stored what is stored of {@code from}
   * @param storedOfBase what would be stored of {@code base}
   */
  protected void countUpdates(
      float[] from, float[] base, short[] stored, short[] storedOfBase, UpdateTally tally) {
    countUpdates(0, from, base, stored, storedOfBase, tally);
  }

  /** Counts from that element on to the end of the block. */
  protected final void countUpdates(
      int begin,
      float[] from,
      float[] base,
      short[] stored,
      short[] storedOfBase,
      UpdateTally tally) {
    int updated = 0;
    int lost = 0;
    for (int i = begin; i < block.count(); i++) {
      boolean bothNan = Float.isNaN(from[i]) && Float.isNaN(base[i]);
      if (from[i] != base[i] && !bothNan) {
        updated++;
        lost += stored[i] == storedOfBase[i] ? 1 : 0;
      }
    }
    tally.add(updated, lost);
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
