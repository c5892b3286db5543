package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.List;

/**
 * A matrix without a part of low rank, as some adapters leave their base when training begins. It
 * is worked out in float64 of all of the matrix, and is float32.
 *
 * @param rank of the part
 * @param factor by which the part is taken away
 * @see <a href="https://arxiv.org/abs/2404.02948">PiSSA: Principal Singular Values and Singular
 *     Vectors Adaptation</a>
 * @see <a href="https://arxiv.org/abs/2406.01775">OLoRA: Orthonormal Low-Rank Adaptation</a>
 */
public record Reduced(TensorSource base, Part part, int rank, float factor)
    implements TensorSource {
  /** Which part of a matrix is taken away. */
  public enum Part {
    /** Its projection on the left singular vectors of the largest singular values. */
    PRINCIPAL(6),
    /** Its projection on the space of its first columns. */
    FIRST_COLUMNS(1);

    private final long matrices;

    Part(long matrices) {
      this.matrices = matrices;
    }
  }

  public Reduced {
    requireNonNull(base, "base is null");
    requireNonNull(part, "part is null");
    List<Long> dimensions = base.shape().dimensions();
    boolean isMatrix = dimensions.size() == 2 && base.dtype().isReadable();
    if (!isMatrix || rank < 1 || rank > Math.min(dimensions.get(0), dimensions.get(1))) {
      throw new IllegalArgumentException(
          "a part of rank %s of %s %s".formatted(rank, base.dtype(), base.shape()));
    }
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public DType storedType() {
    return base.storedType();
  }

  @Override
  public Shape shape() {
    return base.shape();
  }

  /** Rows in which elements lie. */
  public Change.Rows rows(ElementSpan span) {
    return Change.Rows.of(shape(), span);
  }

  /** Bytes of the matrices that it takes to work it out, beside the base as it is stored. */
  public long scratchBytes() {
    long elements = shape().elements();
    long thin = (shape().dimensions().get(0) + shape().dimensions().get(1)) * rank;
    return ((1 + part.matrices) * elements + 4 * thin) * Double.BYTES;
  }

  @Override
  public List<TensorSource> parts() {
    return List.of(base);
  }

  @Override
  public Footprint footprint(ElementSpan span) {
    long rows = rows(span).elements().count() * Float.BYTES;
    long own = Footprint.pages(span.bytes(dtype()).length()) + Footprint.pages(rows);
    return new Footprint(List.of(), own + Footprint.pages(scratchBytes()))
        .plus(base.footprint(ElementSpan.all(shape())));
  }

  @Override
  public boolean streams() {
    return false;
  }

  @Override
  public ElementPlace place(long element) {
    return base.place(element);
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("reduced", part, rank, factor), parts());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.reduced(this);
  }
}
