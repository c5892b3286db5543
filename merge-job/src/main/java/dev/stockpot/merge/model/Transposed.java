package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Another tensor with two of its axes exchanged: {@code out[…, j, …, i, …] = in[…, i, …, j, …]}.
 *
 * @param first one of the axes
 * @param second the other one
 */
record Transposed(TensorSource source, int first, int second) implements View {
  public Transposed {
    requireNonNull(source, "source is null");
    View.requireWholeBytes(source.dtype());
    int axes = source.shape().dimensions().size();
    if (first < 0 || first >= axes || second < 0 || second >= axes || first == second) {
      throw new IllegalArgumentException(
          "axes %s and %s of %s".formatted(first, second, source.shape()));
    }
  }

  /** A matrix, transposed. */
  public static Transposed of(TensorSource matrix) {
    return new Transposed(matrix, 0, 1);
  }

  @Override
  public List<TensorSource> parts() {
    return List.of(source);
  }

  @Override
  public Shape shape() {
    List<Long> dimensions = new ArrayList<>(source.shape().dimensions());
    Collections.swap(dimensions, first, second);
    return new Shape(dimensions);
  }

  @Override
  public List<Box> boxes() {
    return source.boxes().stream().map(box -> box.exchanged(first, second)).toList();
  }

  @Override
  public boolean streams() {
    return false;
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("transposed", first, second), parts());
  }
}
