package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A tensor that is changed while it is read, as adapters do: in float32, change after change, and
 * rounded once, to nearest even, at the end. Without a change it is another type for the tensor.
 *
 * @param dtype of the result
 */
public record Baked(TensorSource base, List<Change> changes, DType dtype) implements TensorSource {
  /** Elements, in float32, that are worked on at once, if a row has no more. */
  private static final long TILE_ELEMENTS = 1 << 18;

  public Baked {
    requireNonNull(base, "base is null");
    changes = List.copyOf(changes);
    if (!base.dtype().isReadable() || !dtype.isWritable()) {
      throw new IllegalArgumentException(
          "%s %s cannot be baked as %s".formatted(base.dtype(), base.shape(), dtype));
    }
    for (Change change : changes) {
      change.requireFits(base.shape());
    }
  }

  @Override
  public Baked changed(Change change) {
    if (dtype != DType.F32) {
      return new Baked(this, List.of(change), DType.F32);
    }
    List<Change> all = new ArrayList<>(changes);
    all.add(change);
    return new Baked(base, all, DType.F32);
  }

  @Override
  public TensorSource as(DType type) {
    return dtype == DType.F32 ? new Baked(base, changes, type) : TensorSource.super.as(type);
  }

  @Override
  public Shape shape() {
    return base.shape();
  }

  @Override
  public Optional<Dequantised> coded() {
    return base.coded();
  }

  @Override
  public List<TensorSource> parts() {
    List<TensorSource> parts = new ArrayList<>(List.of(base));
    changes.forEach(change -> parts.addAll(change.sources()));
    return parts;
  }

  /** The elements of the base that these are made of, as rows of a matrix. */
  public Change.Rows reached(ElementSpan span) {
    return changes.stream().anyMatch(Change::goesByRows)
        ? Change.Rows.of(shape(), span)
        : new Change.Rows(span.first(), span.count(), 1);
  }

  /** How many of the rows are worked on at once. */
  public static long tileRows(Change.Rows rows) {
    return Math.max(1, Math.min(rows.count(), TILE_ELEMENTS / rows.columns()));
  }

  @Override
  public Footprint footprint(ElementSpan span) {
    Change.Rows rows = reached(span);
    long tile = Footprint.pages(tileRows(rows) * rows.columns() * Float.BYTES);
    Footprint sum =
        new Footprint(List.of(), Footprint.pages(span.bytes(dtype).length()) + tile)
            .plus(base.footprint(rows.elements()));
    for (Change change : changes) {
      for (Change.Needed needed : change.needed(shape(), rows)) {
        sum = sum.plus(needed.footprint());
      }
    }
    return sum;
  }

  /** Not if all of a matrix is read for each span. */
  @Override
  public boolean streams() {
    return TensorSource.super.streams() && changes.stream().noneMatch(Change::goesByRows);
  }

  @Override
  public ElementPlace place(long element) {
    return base.place(element);
  }

  @Override
  public List<Object> identity() {
    List<Object> identity = new ArrayList<>(List.of("baked", dtype, changes.size()));
    identity.addAll(base.identity());
    changes.forEach(change -> identity.addAll(change.identity()));
    return identity;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.baked(this);
  }
}
