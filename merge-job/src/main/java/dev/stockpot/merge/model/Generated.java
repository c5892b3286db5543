package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Numbers;
import java.util.List;

/**
 * A tensor that is made of no other: zeros, draws, numbers that a plan worked out. Float32.
 *
 * @param numbers which they are, element by element
 */
public record Generated(Numbers numbers, Shape shape) implements TensorSource {
  public Generated {
    requireNonNull(numbers, "numbers is null");
    requireNonNull(shape, "shape is null");
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public List<TensorSource> parts() {
    return List.of();
  }

  /** Nothing is read. */
  @Override
  public Footprint footprint(ElementSpan span) {
    return new Footprint(List.of(), Footprint.pages(span.bytes(dtype()).length()));
  }

  @Override
  public Place place(long element) {
    return new Place("the recipe", "numbers that come from no model", element);
  }

  @Override
  public List<Object> identity() {
    return List.of("generated", shape, numbers);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.generated(this);
  }
}
