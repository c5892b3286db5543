package dev.stockpot.kernels.observe;

import dev.stockpot.kernels.observe.Observer.Viewpoint;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What is known of one tensor, or of several together: estimates for all of their elements from
 * those that were sampled. Vectors are counted as in {@link Observer.Viewpoint}.
 *
 * @param sums of the viewpoint, for all elements
 * @param magnitudes of each vector, of the sampled elements only
 * @param dropped elements of each input that went through a drop
 * @param kept those of them that were not zero afterwards
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Figures(
    Viewpoint view,
    long elements,
    long sampled,
    double[] sums,
    List<Magnitudes> magnitudes,
    long[] dropped,
    long[] kept)
    implements Serializable {

  public Figures {
    magnitudes = List.copyOf(magnitudes);
  }

  /** These and those of other elements, seen from the same viewpoint. */
  public Figures plus(Figures other) {
    if (!other.view.equals(view)) {
      throw new IllegalArgumentException("%s and %s".formatted(view, other.view));
    }
    double[] both = sums.clone();
    for (int i = 0; i < both.length; i++) {
      both[i] += other.sums[i];
    }
    return new Figures(
        view,
        elements + other.elements,
        sampled + other.sampled,
        both,
        Observation.plus(magnitudes, other.magnitudes),
        Observation.plus(dropped, other.dropped),
        Observation.plus(kept, other.kept));
  }

  /** The inner product of two vectors. */
  public double product(int a, int b) {
    return sums[view.product(a, b)];
  }

  /** The length of a vector. */
  public double norm(int vector) {
    return Math.sqrt(product(vector, vector));
  }

  /** The cosine of the angle between two vectors; empty if one of them is zero. */
  public OptionalDouble cosine(int a, int b) {
    double norms = norm(a) * norm(b);
    return norms > 0
        ? OptionalDouble.of(Math.max(-1, Math.min(1, product(a, b) / norms)))
        : OptionalDouble.empty();
  }

  /** How far a model is from the result; empty if there is none. */
  public OptionalDouble distance(int model) {
    return view.hasResult()
        ? OptionalDouble.of(Math.sqrt(sums[view.distance(model)]))
        : OptionalDouble.empty();
  }

  /** The length of the base; empty if there is none. */
  public OptionalDouble baseNorm() {
    return view.hasBase()
        ? OptionalDouble.of(Math.sqrt(sums[view.baseSquare()]))
        : OptionalDouble.empty();
  }

  /** The share of elements that two models change in opposite directions; empty for one model. */
  public OptionalDouble conflicts() {
    return view.hasConflicts() && elements > 0
        ? OptionalDouble.of(sums[view.conflicts()] / elements)
        : OptionalDouble.empty();
  }

  /** The share of a model's task vector that drops left; empty if nothing is dropped. */
  public OptionalDouble kept(int model) {
    int input = view.models().get(model);
    return dropped[input] > 0
        ? OptionalDouble.of((double) kept[input] / dropped[input])
        : OptionalDouble.empty();
  }

  /**
   * A histogram of magnitudes by powers of two.
   *
   * @param zeros elements below the smallest normal float32
   * @param first exponent of the first counter: it counts magnitudes from {@code 2^first} to below
   *     {@code 2^(first + 1)}; exponent 128 counts infinities and NaN
   * @param counts from the first that is not zero to the last
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Magnitudes(long zeros, int first, long[] counts) implements Serializable {
    private static final int BIAS = 127;
    private static final int EXPONENTS = 256;
    private static final int BINS_OF_EXPONENT =
        1 << 7; // upper 16 bits: 8 of exponent, 7 of fraction

    static Magnitudes of(MagnitudeCounts found) {
      long[] byExponent = new long[EXPONENTS];
      for (int exponent = 0; exponent < EXPONENTS; exponent++) {
        int begin = exponent * BINS_OF_EXPONENT;
        for (int bin = begin; bin < begin + BINS_OF_EXPONENT; bin++) {
          byExponent[exponent] += found.counts()[bin];
        }
      }
      return trimmed(byExponent);
    }

    private static Magnitudes trimmed(long[] byExponent) {
      int begin = 1;
      int end = EXPONENTS;
      while (begin < end && byExponent[begin] == 0) {
        begin++;
      }
      while (end > begin && byExponent[end - 1] == 0) {
        end--;
      }
      return new Magnitudes(
          byExponent[0], begin - BIAS, Arrays.copyOfRange(byExponent, begin, end));
    }

    /** Both together. */
    public Magnitudes plus(Magnitudes other) {
      long[] both = new long[EXPONENTS];
      addTo(both);
      other.addTo(both);
      return trimmed(both);
    }

    private void addTo(long[] byExponent) {
      byExponent[0] += zeros;
      for (int i = 0; i < counts.length; i++) {
        byExponent[first + BIAS + i] += counts[i];
      }
    }
  }
}
