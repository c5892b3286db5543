package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.storage.ByteRange;
import java.io.Serializable;

/**
 * Some consecutive elements of a work: what is read, merged and written by itself.
 *
 * @param span counted from the beginning of the work's tensor
 */
public record SliceTask(TensorWork work, ElementSpan span) implements Serializable {
  public SliceTask {
    requireNonNull(work, "work is null");
    if (span.end() > work.shape().elements()) {
      throw new IllegalArgumentException("%s of %s".formatted(span, work.name()));
    }
  }

  /** Place of the first element in the tensor. */
  public long firstElement() {
    return span.first();
  }

  public long elements() {
    return span.count();
  }

  /** Its bytes in the tensor that is made, counted from that tensor's beginning. */
  public ByteRange bytes() {
    return span.bytes(work.outputs().get(0).dtype());
  }

  /** Bytes of all inputs that are read for it. */
  public long bytesRead() {
    return work.footprint(span).bytesRead();
  }

  /** The same elements of a work that knows more. */
  SliceTask of(TensorWork refined) {
    return new SliceTask(refined, span);
  }
}
