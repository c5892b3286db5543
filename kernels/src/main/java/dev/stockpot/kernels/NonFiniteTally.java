package dev.stockpot.kernels;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float16;
import dev.stockpot.kernels.statistic.NonFinite;
import java.util.List;
import java.util.Optional;

/**
 * Counts NaN and infinity while an output is stored. Providers only say which blocks may hold some,
 * which costs next to nothing; those are then looked through here, so that all count the same.
 */
public final class NonFiniteTally {
  private static final int MAGNITUDE = 0x7FFFFFFF;
  private static final int INFINITE = 0x7F800000;

  private final List<Operand> inputs;
  private final List<Operand> wide;
  private NonFinite found = NonFinite.NONE;
  private Optional<First> first = Optional.empty();

  /**
   * Nothing is counted yet.
   *
   * @param inputs what the output is made of, the same elements of each
   */
  public NonFiniteTally(List<Operand> inputs) {
    this.inputs = List.copyOf(inputs);
    this.wide = inputs.stream().filter(input -> input.dtype() == DType.F64).toList();
  }

  List<Operand> inputs() {
    return inputs;
  }

  /** Why an element is not finite. */
  public enum Cause {
    NARROWED,
    CARRIED,
    MADE;

    private NonFinite once() {
      return switch (this) {
        case NARROWED -> new NonFinite(1, 0, 0, 0);
        case CARRIED -> new NonFinite(0, 1, 0, 0);
        case MADE -> new NonFinite(0, 0, 1, 0);
      };
    }
  }

  /**
   * The first element that was counted.
   *
   * @param element its place in the tensor
   * @param result what was computed for it, before it was narrowed
   */
  public record First(long element, float result, Cause cause) {}

  /** The least float32, as bits without the sign, that is stored as infinity or NaN. */
  public static int leastBits(DType type) {
    return switch (type) {
      case BF16 -> Bfloat16.LEAST_INFINITE_BITS;
      case F16 -> Float16.LEAST_INFINITE_BITS;
      default -> INFINITE;
    };
  }

  /**
   * Counts a block that is stored, once.
   *
   * @param results what is stored of it, as float32; looked at only if there may be something
   * @param type to which it is narrowed
   * @param mayHold whether any of the results may be as large as {@link #leastBits}, or NaN
   * @param mayOverflow whether float32 may not hold some of the block's float64 inputs
   */
  public void add(Block block, float[] results, DType type, boolean mayHold, boolean mayOverflow) {
    if (mayOverflow) {
      for (Operand input : wide) {
        found = found.plus(new NonFinite(0, 0, 0, overflows(input, block)));
      }
    }
    if (mayHold) {
      look(block, results, leastBits(type));
    }
  }

  private void look(Block block, float[] results, int leastBits) {
    for (int i = 0; i < block.count(); i++) {
      if ((Float.floatToRawIntBits(results[i]) & MAGNITUDE) >= leastBits) {
        Cause cause = cause(results[i], block.offset() + i);
        found = found.plus(cause.once());
        if (first.isEmpty()) {
          first = Optional.of(new First(block.firstElement() + i, results[i], cause));
        }
      }
    }
  }

  private Cause cause(float result, int place) {
    if (Float.isFinite(result)) {
      return Cause.NARROWED;
    }
    boolean isNarrowed = false;
    for (Operand input : inputs) {
      double value = input.at(place);
      if (!Double.isFinite(value)) {
        return Cause.CARRIED;
      }
      isNarrowed |= !Float.isFinite((float) value);
    }
    return isNarrowed ? Cause.NARROWED : Cause.MADE;
  }

  /** How many of a block's numbers float32 cannot hold. */
  private static long overflows(Operand input, Block block) {
    long overflows = 0;
    for (int i = block.offset(); i < block.offset() + block.count(); i++) {
      double value = input.doubles().get(i);
      overflows += Double.isFinite(value) && Float.isInfinite((float) value) ? 1 : 0;
    }
    return overflows;
  }

  public NonFinite found() {
    return found;
  }

  /** The first element that is not finite, if any is. */
  public Optional<First> first() {
    return first;
  }
}
