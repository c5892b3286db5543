package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.number.Shape;

/**
 * All of a tensor, for a {@link MatrixProgram}: a matrix once it is asked for as one, with the
 * first dimension as rows and all others as columns. A vector is one row.
 *
 * @param elements in row-major order
 * @param isRoundedAgain whether what is written goes on to a type of fewer digits
 */
public record WholeTensor(Operand elements, Shape shape, boolean isRoundedAgain) {
  public WholeTensor {
    requireNonNull(elements, "elements is null");
    if (shape.elements() != elements.elements()) {
      throw new IllegalArgumentException(
          "%s elements are no %s".formatted(elements.elements(), shape));
    }
  }

  /** An input. */
  public WholeTensor(Operand elements, Shape shape) {
    this(elements, shape, false);
  }

  public int rows() {
    return rows(shape);
  }

  public int columns() {
    return columns(shape);
  }

  /** Rows that a tensor of that shape has. */
  public static int rows(Shape shape) {
    return shape.dimensions().size() < 2 ? 1 : Math.toIntExact(shape.dimensions().get(0));
  }

  /** Columns that a tensor of that shape has. */
  public static int columns(Shape shape) {
    return Math.toIntExact(shape.elements() / rows(shape));
  }

  /** A new matrix of its elements, each exactly. */
  public Matrix matrix(Matrices algebra) {
    return algebra.of(elements, rows(), columns());
  }

  /** One element in row-major order, exactly. */
  public double at(int element) {
    return elements.at(element);
  }

  /**
   * Writes all elements, each rounded once, however many digits are kept at the end.
   *
   * @param matrix of as many elements
   */
  public void write(Matrices algebra, Matrix matrix) {
    if (isRoundedAgain) {
      algebra.writeToBeRounded(matrix, elements);
    } else {
      algebra.write(matrix, elements);
    }
  }

  /** One of several equal parts along the first dimension, such as an expert of a stack of them. */
  public WholeTensor part(int place, int parts) {
    Shape shape = partOf(this.shape, parts);
    int count = Math.toIntExact(shape.elements());
    long bytes = (long) count * elements.dtype().bytes();
    Operand part =
        new Operand(elements.buffer().slice(place * bytes, bytes), elements.dtype(), count);
    return new WholeTensor(part, shape, isRoundedAgain);
  }

  private static Shape partOf(Shape shape, int parts) {
    if (shape.dimensions().isEmpty() || shape.dimensions().get(0) != parts) {
      throw new IllegalArgumentException("%s has no %s parts".formatted(shape, parts));
    }
    return new Shape(shape.dimensions().subList(1, shape.dimensions().size()));
  }
}
