package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.storage.ByteRange;
import java.io.Serializable;

/**
 * Consecutive bytes of one output tensor.
 *
 * @param bytes counted from the tensor's beginning; a merge's begin and end between elements
 */
public record SliceTask(TensorWork work, ByteRange bytes) implements Serializable {
  public SliceTask {
    requireNonNull(work, "work is null");
    if (bytes.end() > work.output().byteCount()) {
      throw new IllegalArgumentException("bytes %s of %s".formatted(bytes, work.output()));
    }
  }

  /** Place of the first element in the tensor. */
  public long firstElement() {
    return bytes.begin() / work.output().dtype().bytes();
  }

  public long elements() {
    return bytes.length() / work.output().dtype().bytes();
  }

  /** Bytes of all inputs that are read for it. */
  public long bytesRead() {
    long read = 0;
    for (var input : work.inputs()) {
      read += bytes.length() * input.dtype().bits() / work.output().dtype().bits();
    }
    return read;
  }
}
