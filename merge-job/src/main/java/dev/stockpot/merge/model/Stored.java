package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.ByteRange;
import java.util.List;

/** A tensor of a checkpoint, as it is. */
public record Stored(TensorInfo tensor) implements TensorSource {
  public Stored {
    requireNonNull(tensor, "tensor is null");
  }

  @Override
  public DType dtype() {
    return tensor.dtype();
  }

  @Override
  public Shape shape() {
    return tensor.shape();
  }

  /** The bytes of some elements in the file. */
  public StoredRange range(ElementSpan span) {
    ByteRange bytes = span.bytes(dtype());
    long begin = tensor.bytes().begin();
    return new StoredRange(
        tensor.shard(), new ByteRange(begin + bytes.begin(), begin + bytes.end()));
  }

  @Override
  public List<TensorSource> parts() {
    return List.of();
  }

  @Override
  public Footprint footprint(ElementSpan span) {
    StoredRange range = range(span);
    return new Footprint(List.of(range), Footprint.pages(range.bytes().length()));
  }

  @Override
  public boolean streams() {
    return true;
  }

  @Override
  public ElementPlace place(long element) {
    return new ElementPlace(tensor.shard().location().toString(), tensor.name(), element);
  }

  @Override
  public List<Object> identity() {
    return List.of(tensor.shard().location(), tensor.name(), tensor.bytes());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.stored(this);
  }
}
