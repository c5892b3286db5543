package dev.stockpot.kernels;

/**
 * The vector algebra in which merge methods are written. A vector holds up to {@link #capacity()}
 * float32 elements; every operation rounds once per element, to nearest even, without fused
 * multiply-add, so all providers give equal bits. The last argument is the result and may be one of
 * the operands. A result takes the length of its operands, whose lengths must be equal.
 *
 * <p>Not thread-safe: one instance serves one task. Closing it returns all vectors.
 *
 * @param <V> the provider's vector: a block in the L1 cache, or a column on a device
 */
public interface Kernels<V> extends AutoCloseable {

  /** Most elements of a vector. A multiple of 16 that divides {@link Block#REDUCTION_ELEMENTS}. */
  int capacity();

  /** A vector to work with, of no particular contents, until this is closed. */
  V vector();

  // --- in and out ---

  /** Elements of an input, widened to float32. Float64 is rounded. */
  void load(Operand from, Block block, V into);

  /** Narrows to the operand's type, to nearest even. Every NaN becomes the one canonical NaN. */
  void store(V from, Operand to, Block block);

  /** {@code into[i] += weight * from[i]}, a product and a sum, each rounded. */
  void addScaled(Operand from, Block block, float weight, V into);

  /** {@code into[i] = from[i] - origin[i]}: the task vector of an input. */
  void loadDifference(Operand from, Block block, V origin, V into);

  // --- element by element ---

  /** All elements zero, as many as in the block. */
  void zero(Block block, V into);

  void add(V a, V b, V into);

  void subtract(V a, V b, V into);

  void multiply(V a, V b, V into);

  /** {@code into[i] = a[i] * factor}. */
  void scale(V a, float factor, V into);

  /** {@code into[i] = a[i] / divisor}. */
  void divide(V a, float divisor, V into);

  /** {@code into[i] = a[i] / b[i]}; where {@code b[i]} is zero, {@code a[i]} as it is. */
  void divideUnlessZero(V a, V b, V into);

  /** {@code into[i] += weight * a[i]}, a product and a sum, each rounded. */
  void addScaled(V a, float weight, V into);

  // --- choosing ---

  /**
   * Elements of magnitude above the threshold, and the first {@code ties} of magnitude equal to it;
   * zero elsewhere. NaN counts as larger than every number.
   *
   * @return how many of the ties were kept
   */
  int keepLargest(V a, float threshold, long ties, V into);

  /** Elements that the draw keeps; zero elsewhere. */
  void keepAtRandom(V a, Block block, RandomDrop drop, V into);

  /**
   * {@code into[i] = a[i]} where {@code a[i]} is not zero and has the sign of {@code sign[i]},
   * which counts as positive where it is zero; zero elsewhere.
   */
  void keepSign(V a, V sign, V into);

  /** {@code into[i] += weight} where {@code a[i]} is not zero. */
  void addWhereNotZero(V a, float weight, V into);

  // --- statistics ---

  /** Adds {@code a[i] * b[i]}, exact in float64, to the sum. */
  void addProducts(V a, V b, LaneSum sum);

  /** Adds the magnitudes, as float64, to the sum. */
  void addMagnitudes(V a, LaneSum sum);

  /** Counts the magnitudes. */
  void count(V a, MagnitudeCounts counts);

  @Override
  void close();
}
