package dev.stockpot.kernels;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import dev.stockpot.kernels.number.Elementary;
import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RankedDrop;
import dev.stockpot.kernels.statistic.LaneSum;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.MagnitudeRange;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * The vector algebra in which merge methods are written. Work goes block by block: after {@link
 * #begin} every vector holds the float32 elements of that block. Each operation rounds once per
 * element, to nearest even, without fused multiply-add, so all providers give equal bits. The last
 * argument is the result and may be one of the operands.
 *
 * <p>Not thread-safe: one instance serves one task. Closing it returns all vectors.
 *
 * @param <V> the provider's vector: a block in the cache, or a column on a device
 */
public interface Kernels<V> extends AutoCloseable {

  /**
   * Most elements of a block, given the vectors that were borrowed so far. A multiple of {@link
   * LaneSum#LANES}, and, unless more were asked for than a provider would choose, one that divides
   * {@link Block#REDUCTION_ELEMENTS} or a multiple of it: a block then holds reduction blocks as a
   * whole, but for those at the ends of a slice.
   */
  int capacity();

  /** A vector to work with, of no particular contents, until this is closed or takes it back. */
  V vector();

  /** Takes back all vectors that were borrowed so far: a pass over operands is over. */
  default void returnVectors() {}

  /** The block that all operations are about from now on. */
  void begin(Block block);

  /**
   * Does some work on what is chosen of a block, after {@link #begin}: run by run, or, on a device,
   * all whole runs as one block. What such a block says of its place is then no use.
   */
  default void eachChosen(Block block, Sampling sampling, Consumer<Block> work) {
    sampling.each(
        block,
        run -> {
          begin(run);
          work.accept(run);
        });
  }

  // in and out

  /** Elements of an input, widened to float32; float64 is rounded. */
  void load(Operand from, V into);

  /** Numbers of our own, one for each element of the block, or the same for each of its rows. */
  void load(float[] from, V into);

  /**
   * Narrows to the operand's type, once for each element: by its {@link Operand#rounding()}, and
   * with what its {@link Operand#updates()} and {@link Operand#nonFinite()} count. Every NaN
   * becomes the one canonical NaN of that type.
   */
  void store(V from, Operand to);

  /** {@code into[i] = from[i] - origin[i]}: the task vector of an input. */
  void loadDifference(Operand from, V origin, V into);

  /** {@code into[i] += weight * from[i]}, a product and a sum, each rounded. */
  void addScaled(Operand from, float weight, V into);

  // element by element

  void zero(V into);

  void add(V a, V b, V into);

  /** {@code into[i] = a[i] - b[i]}. */
  void subtract(V a, V b, V into);

  /** {@code into[i] = a[i] * b[i]}. */
  void multiply(V a, V b, V into);

  /** {@code into[i] = factor * a[i]}. */
  void scale(V a, float factor, V into);

  /** {@code into[i] = factors[row] * a[i]}, by the place in the block of the row of {@code i}. */
  default void scaleRows(V a, float[] factors, V into) {
    scale(a, factors[0], into);
  }

  /** {@code a[i] = factor * a[i]}, and {@code sum[i] += a[i]}, each rounded. */
  default void scaleAndAdd(V a, float factor, V sum) {
    scale(a, factor, a);
    add(sum, a, sum);
  }

  /** {@code into[i] = a[i] / divisor}. */
  void divide(V a, float divisor, V into);

  /** {@code into[i] = a[i] / b[i]}; where {@code b[i]} is zero, {@code a[i]} as it is. */
  void divideUnlessZero(V a, V b, V into);

  /** The nearest number from {@code -bound} to {@code bound}; NaN stays. */
  void limit(V a, float bound, V into);

  /** The smaller one; NaN if one of them is. Negative zero is smaller than zero. */
  void min(V a, V b, V into);

  /** The larger one; NaN if one of them is. Zero is larger than negative zero. */
  void max(V a, V b, V into);

  /**
   * Sorts the vectors' values at each element, so that in the places that the network is for each
   * vector holds no less than the one before. Where one value is NaN, all of those are.
   *
   * @param vectors as many as the network has places, and a spare one; they change places
   */
  default void sort(SortingNetwork network, List<V> vectors) {
    int spare = network.places();
    for (SortingNetwork.Exchange exchange : network.exchanges()) {
      V low = vectors.get(exchange.low());
      V high = vectors.get(exchange.high());
      V least = exchange.wantsHigh() ? vectors.get(spare) : low;
      if (exchange.wantsLow()) {
        min(low, high, least);
      }
      if (exchange.wantsHigh()) {
        max(low, high, high);
      }
      if (exchange.wantsLow() && exchange.wantsHigh()) {
        Collections.swap(vectors, exchange.low(), spare);
      }
    }
  }

  // choosing

  /**
   * The one of larger magnitude, {@code a[i]} if they are equal. NaN is larger than every number.
   */
  void largest(V a, V b, V into);

  /**
   * Elements of magnitude above the threshold; zero elsewhere. NaN is larger than every number and
   * equal to itself, here and in {@link #keepFrom} and {@link #keepLargest}.
   *
   * @param threshold not negative
   */
  void keepAbove(V a, float threshold, V into);

  /** Elements of at least that magnitude; zero elsewhere. */
  void keepFrom(V a, float threshold, V into);

  /**
   * Elements of magnitude above the threshold, and of those of a magnitude equal to it the ones
   * that the draw keeps; zero elsewhere.
   */
  void keepLargest(V a, float threshold, RandomDrop ofEqual, V into);

  /** Elements that the draw keeps; zero elsewhere. */
  void keepAtRandom(V a, RandomDrop drop, V into);

  /**
   * Elements that the draw keeps by their ranks in their rows, of which the block holds one, or, on
   * a device, several; zero elsewhere, and for a negative zero.
   */
  void keepAtRandomByRank(V a, RankedDrop drop, V into);

  /**
   * Elements that do not oppose the sign of {@code sign[i]}, which is positive unless it is below
   * zero; zero elsewhere. NaN opposes nothing, so that it stays visible.
   */
  void keepSign(V a, V sign, V into);

  /** {@code a[i]} where {@code mask[i]} is not zero; zero elsewhere. */
  void keepWhereNotZero(V a, V mask, V into);

  /** {@code into[i] += weight} where {@code a[i]} is not zero. */
  void addWhereNotZero(V a, float weight, V into);

  /**
   * Adds what {@link #keepSign} leaves of {@code a}. What {@code a} holds is lost.
   *
   * @param sum what elects the sign: the sum of vectors of which {@code a} is one, so NaN where
   *     {@code a} is. Like {@code merged} it began at zero, so that neither holds a negative zero.
   */
  default void addElected(V a, V sum, V merged) {
    keepSign(a, sum, a);
    add(merged, a, merged);
  }

  /**
   * The same; and adds the weight to {@code weights}, which began at zero too, where what is left
   * of {@code a} is not zero.
   */
  default void addElected(V a, V sum, float weight, V merged, V weights) {
    keepSign(a, sum, a);
    add(merged, a, merged);
    addWhereNotZero(a, weight, weights);
  }

  // statistics

  /**
   * Adds the products {@code a[i] * b[i]}, exact in float64. Where the block holds several
   * reduction blocks, all but the last are {@linkplain LaneSum#next() ended}.
   */
  void addProducts(V a, V b, LaneSum sum);

  /**
   * {@link #addProducts(Object, Object, LaneSum)} of {@code a} with itself, both, and {@code b}.
   */
  default void addProducts(V a, V b, LaneSum aa, LaneSum ab, LaneSum bb) {
    addProducts(a, a, aa);
    addProducts(a, b, ab);
    addProducts(b, b, bb);
  }

  /**
   * Of each row of the block by itself, what {@link #addProducts(Object, Object, LaneSum)} adds.
   */
  double[] productsOfRows(V a, V b);

  /**
   * {@code sums[r][column] += a[i] * b[i]} in float64, a product and a sum, only the sum rounded;
   * row by row, {@code r} being the place of a row's reduction block among those of the block.
   */
  void addProducts(V a, V b, double[][] sums);

  /** Adds the magnitudes, as float64, in the same way. */
  void addMagnitudes(V a, LaneSum sum);

  /**
   * How far the softmax of each row in {@code a} is from that in {@code b}: {@code Σ p log(p / q)}
   * with {@code p = softmax(a) + 1e-8} and {@code q = softmax(b) + 1e-8}, in float64 by the steps
   * of {@link Elementary}, each sum in the lanes of a {@link LaneSum} without runs. NaN if a row
   * holds NaN or its largest element is infinite.
   */
  double[] divergencesOfRows(V a, V b);

  /**
   * How many elements have a magnitude equal to that one, as {@link #keepLargest} compares them.
   */
  int countEqual(V a, float magnitude);

  /** Counts the elements by {@link MagnitudeCounts#bits} of each. */
  void count(V a, MagnitudeCounts counts);

  /** Counts the elements within the range, and those above it. */
  void count(V a, MagnitudeRange range);

  @Override
  void close();
}
