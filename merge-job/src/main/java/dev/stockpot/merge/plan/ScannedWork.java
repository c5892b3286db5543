package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** A work of which something must be known before it is done, and that several tasks look at. */
public record ScannedWork(TensorWork work, List<SliceTask> slices) {
  public ScannedWork {
    requireNonNull(work, "work is null");
    slices = List.copyOf(slices);
  }

  /** The same, knowing more. */
  public ScannedWork of(TensorWork refined) {
    return new ScannedWork(refined, slices.stream().map(slice -> slice.of(refined)).toList());
  }
}
