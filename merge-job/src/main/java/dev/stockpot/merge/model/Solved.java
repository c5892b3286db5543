package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.List;

/**
 * What a program makes of whole tensors: a map between the widths of two models, a matrix carried
 * over by one, rows of tokens in another model's space. Float32, to be rounded once when all is
 * merged.
 *
 * @param tensor its name, for people
 * @param storedType the type that it would be stored as
 * @param inputs in the order that the program expects
 * @param terms what the program was made of, for people and for comparison
 */
public record Solved(
    String tensor,
    Shape shape,
    DType storedType,
    List<TensorSource> inputs,
    MatrixProgram program,
    String terms)
    implements TensorSource {
  /** Elements of one buffer are counted by an int, and float64 takes eight bytes of each. */
  private static final long MOST_ELEMENTS = 1 << 29;

  /**
   * What a program makes.
   *
   * @throws IllegalArgumentException if an input holds no numbers, or one is too large
   */
  public Solved {
    requireNonNull(tensor, "tensor is null");
    requireNonNull(program, "program is null");
    requireNonNull(terms, "terms is null");
    inputs = List.copyOf(inputs);
    if (!storedType.isWritable()) {
      throw new IllegalArgumentException("%s cannot be made as %s".formatted(tensor, storedType));
    }
    if (shape.elements() > MOST_ELEMENTS) {
      throw new IllegalArgumentException(
          "%s of %s is made at once, and has more than %s elements"
              .formatted(tensor, shape, MOST_ELEMENTS));
    }
    for (TensorSource input : inputs) {
      if (!input.dtype().isReadable() || input.shape().elements() > MOST_ELEMENTS) {
        throw new IllegalArgumentException(
            "%s cannot be made of %s %s".formatted(tensor, input.dtype(), input.shape()));
      }
    }
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public List<TensorSource> parts() {
    return inputs;
  }

  /** All of it is made at once, of all of its inputs, in matrices of float64. */
  @Override
  public Footprint footprint(ElementSpan span) {
    ElementSpan all = ElementSpan.all(shape);
    long own =
        Footprint.pages(span.bytes(DType.F32).length())
            + Footprint.pages(all.bytes(DType.F32).length())
            + Footprint.pages(program.demand().bytes());
    Footprint sum = new Footprint(List.of(), own);
    for (TensorSource input : inputs) {
      sum = sum.plus(input.footprint(ElementSpan.all(input.shape())));
    }
    return sum;
  }

  @Override
  public double operations() {
    return program.demand().operations() + TensorSource.super.operations();
  }

  @Override
  public boolean streams() {
    return false;
  }

  @Override
  public ElementPlace place(long element) {
    return new ElementPlace("what is worked out of " + terms, tensor, element);
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("solved", tensor, shape, storedType, terms), parts());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.solved(this);
  }
}
