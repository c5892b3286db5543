package dev.stockpot.merge.predict;

/**
 * How unlike two models are. NaN where a share of nothing is asked for.
 *
 * @param disagreement share of examples on which they decide otherwise
 * @param q Yule's Q of their being right: 1 if always together, 0 if independent
 * @param correlation of their errors
 * @see <a href="https://doi.org/10.1023/A:1022859003006">Kuncheva and Whitaker: Measures of
 *     Diversity in Classifier Ensembles</a>
 */
public record Diversity(
    String first, String second, double disagreement, double q, double correlation) {
  static Diversity of(String first, String second, double[] sums, int at) {
    double both = sums[at + 2];
    double one = sums[at + 3];
    double other = sums[at + 4];
    double none = sums[at + 5];
    double product = both * none - one * other;
    double spread =
        Math.sqrt((both + one) * (other + none)) * Math.sqrt((both + other) * (one + none));
    return new Diversity(
        first,
        second,
        sums[at + 1] / sums[at],
        product / (both * none + one * other),
        product / spread);
  }
}
