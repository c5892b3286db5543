package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.Sha256;
import java.util.List;

/**
 * Places along an axis of a tensor in another order. Elements are copied as they are. Where rows
 * change places any of them may come from anywhere, so that all of the tensor is read at once.
 *
 * @param order which place of the source goes to each place
 */
public record Reordered(TensorSource source, int axis, Permutation order) implements TensorSource {
  public Reordered {
    requireNonNull(source, "source is null");
    requireNonNull(order, "order is null");
    View.requireWholeBytes(source.dtype());
    List<Long> dimensions = source.shape().dimensions();
    if (axis < 0 || axis >= dimensions.size() || dimensions.get(axis) != order.size()) {
      throw new IllegalArgumentException(
          "%s does not order axis %s of %s".formatted(order, axis, source.shape()));
    }
  }

  /** One order for each axis, however often places change: axes in order, the first one inside. */
  @Override
  public TensorSource reordered(int other, Permutation next) {
    if (other == axis) {
      return source.reordered(axis, next.after(order));
    }
    return other < axis && next.moved() > 0
        ? source.reordered(other, next).reordered(axis, order)
        : TensorSource.super.reordered(other, next);
  }

  @Override
  public DType dtype() {
    return source.dtype();
  }

  @Override
  public DType storedType() {
    return source.storedType();
  }

  @Override
  public Shape shape() {
    return source.shape();
  }

  /** Elements that stay beside each other. */
  public long runElements() {
    return elementsFrom(axis + 1);
  }

  /** Elements among which places change, one such piece behind the other. */
  public long pieceElements() {
    return elementsFrom(axis);
  }

  private long elementsFrom(int first) {
    List<Long> dimensions = shape().dimensions();
    return dimensions.subList(first, dimensions.size()).stream().reduce(1L, Math::multiplyExact);
  }

  /** The whole pieces of the source that some elements need. */
  public ElementSpan needed(ElementSpan span) {
    long piece = pieceElements();
    long first = span.first() / piece;
    long end = (span.end() + piece - 1) / piece;
    return new ElementSpan(first * piece, (end - first) * piece);
  }

  /** Where an element lies in the source. */
  public long elementOf(long element) {
    long piece = pieceElements();
    long run = runElements();
    int place = (int) (element % piece / run);
    return element / piece * piece + order.at(place) * run + element % run;
  }

  @Override
  public List<TensorSource> parts() {
    return List.of(source);
  }

  @Override
  public Footprint footprint(ElementSpan span) {
    return source
        .footprint(needed(span))
        .plus(new Footprint(List.of(), Footprint.pages(span.bytes(dtype()).length())));
  }

  @Override
  public boolean streams() {
    return axis > 0 && source.streams();
  }

  @Override
  public ElementPlace place(long element) {
    return source.place(elementOf(element));
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("reordered", axis, Sha256.of(order.bytes())), parts());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.reordered(this);
  }
}
