package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import java.util.Optional;

/**
 * What the inputs of a work take of a task's memory. Stored tensors can be read in pieces as small
 * as need be; what is put together of others has a least size.
 */
final class SourceMemory {
  /** What is worked on at once at the least, and as much again, wherever that begins. */
  private static final long LEAST_ELEMENTS = 1 << 13;

  private SourceMemory() {}

  /** Whether a task can hold all of a work at once. */
  static boolean holdsAll(TensorWork work, long taskBytes, int merges) {
    for (Input input : work.inputs()) {
      if (input.source().byteCount() > Integer.MAX_VALUE) { // more than one buffer can hold
        return false;
      }
    }
    Footprint inputs = work.footprint(work.all());
    return inputs.longestRange() <= Integer.MAX_VALUE
        && inputs.memory() + merges * work.outputBytes(work.all()) <= taskBytes;
  }

  /** Why the inputs cannot be put together, a piece at a time; empty if they can. */
  static Optional<String> problem(TensorWork work, long taskBytes) {
    long elements = work.shape().elements();
    long least = work.streams() ? LEAST_ELEMENTS : work.unitElements();
    long count = Math.min(elements, Math.max(least, work.rows().elements()));
    ElementSpan span = new ElementSpan((elements - count) / 2 / Byte.SIZE * Byte.SIZE, count);
    Footprint needed = work.footprint(span);
    long bytes = needed.memory() + work.outputBytes(span);
    if (needed.memory() <= plainBytes(work, span)) {
      return Optional.empty();
    }
    if (needed.longestRange() > Integer.MAX_VALUE) { // whatever memory there is
      return Optional.of(
          "putting its inputs together reads %s bytes at once, more than one buffer holds: %s"
              .formatted(needed.longestRange(), Integer.MAX_VALUE));
    }
    return bytes <= taskBytes
        ? Optional.empty()
        : Optional.of(
            "putting its inputs together takes %s bytes, more than a task's %s; raise task-memory"
                .formatted(bytes, taskBytes));
  }

  /** Whether so many elements of a work that does not stream can be held. */
  static boolean holds(TensorWork work, long elements, long taskBytes) {
    ElementSpan span = new ElementSpan(0, Math.min(elements, work.shape().elements()));
    return work.footprint(span).memory() + work.outputBytes(span) <= taskBytes;
  }

  /** If all inputs lay there as they are wanted. */
  private static long plainBytes(TensorWork work, ElementSpan span) {
    long bytes = 0;
    for (Input input : work.inputs()) {
      ElementSpan needed = input.span(span, work.shape());
      bytes += Footprint.pages(needed.bytes(input.source().dtype()).length());
    }
    return bytes;
  }
}
