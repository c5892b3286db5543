package dev.stockpot.kernels.number;

import static java.util.stream.Collectors.joining;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/** Dimensions of a tensor, slowest first. A scalar has none; a dimension may be zero. */
public record Shape(List<Long> dimensions) implements Serializable {
  /**
   * @throws IllegalArgumentException if a dimension is negative
   * @throws ArithmeticException if the number of elements overflows 63 bits
   */
  public Shape {
    dimensions = List.copyOf(dimensions);
    long elements = 1;
    for (long dimension : dimensions) {
      if (dimension < 0) {
        throw new IllegalArgumentException("dimension %s is negative".formatted(dimension));
      }
      elements = Math.multiplyExact(elements, dimension);
    }
  }

  public static Shape of(long... dimensions) {
    return new Shape(Arrays.stream(dimensions).boxed().toList());
  }

  /** Number of elements: the product of the dimensions, 1 for a scalar. */
  public long elements() {
    long elements = 1;
    for (long dimension : dimensions) {
      elements *= dimension;
    }
    return elements;
  }

  /** Elements of one row, the last dimension; 1 for a scalar. */
  public long rowElements() {
    return dimensions.isEmpty() ? 1 : dimensions.get(dimensions.size() - 1);
  }

  /**
   * Elements that have places of their own in every slice of the first dimension; 1 for a scalar.
   */
  public long columns() {
    long columns = 1;
    for (int i = 1; i < dimensions.size(); i++) {
      columns *= dimensions.get(i);
    }
    return columns;
  }

  /** As the field writes it: {@code [4096, 14336]}. */
  @Override
  public String toString() {
    return dimensions.stream().map(String::valueOf).collect(joining(", ", "[", "]"));
  }
}
