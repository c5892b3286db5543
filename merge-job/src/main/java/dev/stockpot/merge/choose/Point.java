package dev.stockpot.merge.choose;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is tried: a weight for each ingredient of a soup, or a place in the unit cube of a search.
 *
 * @param values finite, one for each ingredient or dimension
 * @param budget how many examples it is evaluated on; 0 for all that the evaluator has
 */
public record Point(List<Double> values, int budget) {
  public Point {
    values = List.copyOf(values);
    if (budget < 0) {
      throw new IllegalArgumentException("budget is %s".formatted(budget));
    }
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("%s is not finite".formatted(values));
      }
    }
  }

  /** One that is evaluated on everything. */
  public Point(List<Double> values) {
    this(values, 0);
  }

  Point on(int examples) {
    return new Point(values, examples);
  }

  /** One of these values. */
  public static Point of(double... values) {
    return new Point(Arrays.stream(values).boxed().toList());
  }

  /** One ingredient alone. */
  public static Point only(int ingredient, int ingredients) {
    double[] values = new double[ingredients];
    values[ingredient] = 1;
    return of(values);
  }

  /** The values, which the caller may change. */
  double[] toArray() {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Places of the ingredients that count. */
  public List<Integer> ingredients() {
    return IntStream.range(0, values.size()).filter(i -> values.get(i) != 0).boxed().toList();
  }
}
