package dev.stockpot.merge.part;

import dev.stockpot.kernels.block.Rows;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.plan.SharedInputs;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.plan.TensorWork;
import java.util.List;
import java.util.stream.Stream;

/**
 * The same elements of works, one of each merge: what they need is read once.
 *
 * @param slices at least one, of equal spans
 */
record SharedSlice(List<SliceTask> slices) {
  SharedSlice {
    slices = List.copyOf(slices);
    SliceTask first = slices.get(0);
    for (SliceTask slice : slices) {
      boolean isSame =
          slice.span().equals(first.span()) && slice.work().shape().equals(first.work().shape());
      if (!isSame) {
        throw new IllegalArgumentException(
            "%s of %s is not the same as %s of %s"
                .formatted(slice.span(), slice.work().name(), first.span(), first.work().name()));
      }
    }
  }

  ElementSpan span() {
    return slices.get(0).span();
  }

  TensorWork first() {
    return slices.get(0).work();
  }

  /** All that the works go through, each input once. */
  SharedInputs inputs() {
    return new SharedInputs(works().toList());
  }

  /** Whether what all of them go through can be read piece by piece. */
  boolean streams() {
    return works().allMatch(TensorWork::streams);
  }

  Stream<TensorWork> works() {
    return slices.stream().map(SliceTask::work);
  }

  Rows rows() {
    return first().rows();
  }

  /**
   * Whether all of it is to be in memory at once: some work goes through it several times, or what
   * its inputs are made of cannot be read piece by piece.
   */
  boolean isHeld() {
    return span().count() > 0 && (works().anyMatch(work -> work.scan().isPresent()) || !streams());
  }

  /** Bytes of one element of all outputs that are made in buffers, together. */
  long outputWidth() {
    return made().mapToLong(SharedSlice::width).sum();
  }

  /** The same of the merge that has most. */
  long widestOutput() {
    return made().mapToLong(SharedSlice::width).max().orElse(0);
  }

  /** Bytes that making all outputs takes beside these and the inputs. */
  long workingBytes() {
    return works().mapToLong(TensorWork::workingBytes).sum();
  }

  long outputCount() {
    return made().mapToLong(work -> work.outputs().size()).sum();
  }

  private Stream<TensorWork> made() {
    return works().filter(TensorWork::readsNumbers);
  }

  private static long width(TensorWork work) {
    return work.outputs().stream().mapToLong(output -> output.dtype().bytes()).sum();
  }
}
