package dev.stockpot.merge.choose;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Lists of points to try. */
final class Lists {
  /** More than anybody pays evaluations for; a longer list is a mistake. */
  private static final long MOST = 1_000_000;

  private Lists() {}

  /**
   * Every combination of equally spaced values, the last dimension fastest.
   *
   * @param levels how many values each dimension has, at least 1; one is the middle
   * @throws IllegalArgumentException if that is more than a million points
   */
  static List<Point> grid(List<Integer> levels) {
    long count = 1;
    for (int level : levels) {
      count = Math.multiplyExact(count, (long) level);
      if (count > MOST || count < 1) {
        throw new IllegalArgumentException(
            "a grid of %s has more than a million points, or none".formatted(levels));
      }
    }
    List<Point> points = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      double[] values = new double[levels.size()];
      long rest = i;
      for (int d = values.length - 1; d >= 0; d--) {
        int level = levels.get(d);
        values[d] = level == 1 ? 0.5 : (double) (rest % level) / (level - 1);
        rest /= level;
      }
      points.add(Point.of(values));
    }
    return points;
  }

  /** Uniform draws; a longer list begins with the shorter one. */
  static List<Point> random(int dimensions, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(Point.of(random.doubles(dimensions).toArray()));
    }
    return points;
  }

  /**
   * The Sobol sequence (Joe and Kuo's directions) without its first point, a corner; it fills the
   * cube evenly. Shifted by a draw of the seed, modulo 1, unless that is 0.
   *
   * @param dimensions 1 to 21
   */
  static List<Point> sobol(int dimensions, int count, long seed) {
    Sobol sequence = new Sobol(dimensions);
    sequence.next();
    double[] shift =
        seed == 0
            ? new double[dimensions]
            : new SplittableRandom(seed).doubles(dimensions).toArray();
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] values = sequence.next().stream().mapToDouble(Double::doubleValue).toArray();
      for (int d = 0; d < dimensions; d++) {
        values[d] = (values[d] + shift[d]) % 1;
      }
      points.add(Point.of(values));
    }
    return points;
  }

  /**
   * Points of the line between two models, both ends included.
   *
   * @param count at least 2
   */
  static List<Point> line(int count) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double share = (double) i / (count - 1);
      points.add(Point.of(1 - share, share));
    }
    return points;
  }

  /**
   * Points of a curve, both ends included.
   *
   * @param count at least 2
   */
  static List<Point> path(Curve curve, int models, int count) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(Point.of(curve.weights(i, count - 1, models)));
    }
    return points;
  }

  /**
   * Averages of consecutive checkpoints.
   *
   * @param sizes of windows; those longer than the list are left out
   * @param stride from one window's beginning to the next
   */
  static List<Point> windows(int models, List<Integer> sizes, int stride, WindowAverage average) {
    List<Point> points = new ArrayList<>();
    for (int size : sizes) {
      List<Double> weights = size > models ? List.of() : average.weights(size);
      for (int end = models; end >= size; end -= stride) { // the last window is the likeliest
        double[] counts = new double[models];
        for (int i = end - size; i < end; i++) {
          counts[i] = weights.get(i - end + size);
        }
        points.add(Point.of(counts));
      }
    }
    return points;
  }
}
