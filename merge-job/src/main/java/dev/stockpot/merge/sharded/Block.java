package dev.stockpot.merge.sharded;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.checkpoint.TensorInfo;
import java.util.List;

/**
 * A part of a tensor as a process wrote it.
 *
 * @param origin its first place along each axis of the tensor
 * @param stored where it lies
 */
record Block(List<Long> origin, TensorInfo stored) {
  Block {
    requireNonNull(stored, "stored is null");
    origin = List.copyOf(origin);
    if (origin.size() != stored.shape().dimensions().size()) {
      throw new IllegalArgumentException("%s begins at %s".formatted(stored, origin));
    }
  }

  long begin(int axis) {
    return origin.get(axis);
  }

  long end(int axis) {
    return origin.get(axis) + stored.shape().dimensions().get(axis);
  }

  long elements() {
    return stored.shape().elements();
  }

  /** The file that it lies in, for messages. */
  String file() {
    return stored.shard().location().name();
  }
}
