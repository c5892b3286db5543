package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.storage.ByteRange;
import java.io.Serializable;

/** Some consecutive elements of a work: what is read, merged and written by itself. */
public final class SliceTask implements Serializable {
  private final TensorWork work;
  private final ElementSpan span;

  /**
   * 0 until somebody asks. A plan asks of every slice, to put parts in order, to estimate, and to
   * print; where a model is read row by row in another order, an answer lists 100,000 ranges.
   */
  private transient long bytesRead;

  /**
   * Elements of a work.
   *
   * @param span counted from the beginning of the work's tensor
   */
  public SliceTask(TensorWork work, ElementSpan span) {
    this.work = requireNonNull(work, "work is null");
    this.span = span;
    if (span.end() > work.shape().elements()) {
      throw new IllegalArgumentException("%s of %s".formatted(span, work.name()));
    }
  }

  public TensorWork work() {
    return work;
  }

  /** Where its elements are, counted from the beginning of the work's tensor. */
  public ElementSpan span() {
    return span;
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
    return bytes(0);
  }

  /** Its bytes in one of the work's outputs, counted from that tensor's beginning. */
  public ByteRange bytes(int output) {
    return span.bytes(work.outputs().get(output).dtype());
  }

  /** Whether its work has an output at that place. */
  public boolean makes(int output) {
    return output < work.outputs().size();
  }

  /** Bytes of all inputs that are read for it. */
  public long bytesRead() {
    if (bytesRead == 0) {
      bytesRead = work.footprint(span).bytesRead();
    }
    return bytesRead;
  }

  /** The same elements of a work that knows more. */
  SliceTask of(TensorWork refined) {
    return new SliceTask(refined, span);
  }
}
