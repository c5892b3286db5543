package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Initialisation;
import dev.stockpot.kernels.random.Numbers;
import java.util.List;

/**
 * A new tensor, made of no other. It is float32, to be rounded once when all is merged.
 *
 * @param tensor its name, which its draws depend on
 * @param storedType the type that it would be stored as
 */
public record Initialised(
    String tensor, Shape shape, DType storedType, Initialisation initialisation, long seed)
    implements TensorSource {
  /** Draws, a copy of them, both factors, and what is worked with in between. */
  private static final int MATRICES = 6;

  /**
   * A new tensor.
   *
   * @throws IllegalArgumentException if it cannot be of that shape or type
   */
  public Initialised {
    requireNonNull(tensor, "tensor is null");
    if (!storedType.isWritable()) {
      throw new IllegalArgumentException("%s cannot be made as %s".formatted(tensor, storedType));
    }
    initialisation
        .problem(shape.dimensions())
        .ifPresent(
            why -> {
              throw new IllegalArgumentException("%s: %s".formatted(tensor, why));
            });
  }

  /** The numbers of its elements; where it is orthogonal, the draws that it is worked out from. */
  public Numbers numbers() {
    return initialisation.numbers(seed, tensor, shape.dimensions());
  }

  /** Bytes of the matrices that it takes to work out all of it, where that is needed. */
  public long scratchBytes() {
    return initialisation.isOrthogonal()
        ? Footprint.pages(shape.elements() * Float.BYTES)
            + MATRICES * shape.elements() * Double.BYTES
        : 0;
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public List<TensorSource> parts() {
    return List.of();
  }

  @Override
  public Footprint footprint(ElementSpan span) {
    long own = Footprint.pages(span.bytes(dtype()).length());
    return new Footprint(List.of(), own + Footprint.pages(scratchBytes()));
  }

  @Override
  public boolean streams() {
    return !initialisation.isOrthogonal();
  }

  @Override
  public ElementPlace place(long element) {
    return new ElementPlace("what the recipe initialises", tensor, element);
  }

  @Override
  public List<Object> identity() {
    return List.of("initialised", tensor, shape, storedType, initialisation, seed);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.initialised(this);
  }
}
