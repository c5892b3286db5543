package dev.stockpot.merge.plan;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.ElementSpan;
import java.util.List;

/**
 * What is read for consecutive slices: equal if one reading serves both.
 *
 * @param slices in order
 */
public record SharedReads(List<Read> slices) {
  private record Read(Shape shape, List<Input> inputs, ElementSpan span) {}

  public SharedReads {
    slices = List.copyOf(slices);
  }

  /** What these slices need. */
  public static SharedReads of(List<SliceTask> slices) {
    return new SharedReads(
        slices.stream()
            .map(slice -> new Read(slice.work().shape(), slice.work().inputs(), slice.span()))
            .toList());
  }

  /** The same elements, of whatever they are read. */
  public SharedReads ofAnyInputs() {
    return new SharedReads(
        slices.stream().map(read -> new Read(read.shape(), List.of(), read.span())).toList());
  }
}
