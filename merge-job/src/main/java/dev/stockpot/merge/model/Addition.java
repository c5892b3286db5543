package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.Shape;
import java.util.List;

/**
 * Another tensor is added: {@code out[i] = in[i] + scale · addend[i]}, a product and a sum, each
 * rounded to float32.
 *
 * @param addend of as many elements
 */
public record Addition(TensorSource addend, float scale) implements Change {
  public Addition {
    requireNonNull(addend, "addend is null");
    if (!Float.isFinite(scale)) {
      throw new IllegalArgumentException("scale %s".formatted(scale));
    }
  }

  @Override
  public List<TensorSource> sources() {
    return List.of(addend);
  }

  @Override
  public boolean goesByRows() {
    return false;
  }

  @Override
  public List<Needed> needed(Shape shape, Rows rows) {
    return List.of(new Needed(addend, rows.elements()));
  }

  @Override
  public void requireFits(Shape shape) {
    Change.requireElements(addend, shape.elements(), shape);
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("addition", scale), sources());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.addition(this);
  }
}
