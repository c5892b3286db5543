package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.ElementSpan;
import java.util.List;
import java.util.Map;

/**
 * Where works are cut into slices: those of several merges that make the same tensor, all alike.
 *
 * @param together the works that make a tensor, one of each merge, by their name; those that are
 *     not there are cut each for itself
 */
record Cuts(PlanSettings settings, Map<String, List<TensorWork>> together) {
  /** Cuts of one merge. */
  static Cuts of(PlanSettings settings) {
    return new Cuts(settings, Map.of());
  }

  /** All of it, if a task must and can hold it; else about a part each. */
  List<ElementSpan> of(TensorWork work) {
    return isOne(work) ? List.of(work.all()) : work.cut(settings.partBytes(), settings.taskBytes());
  }

  private boolean isOne(TensorWork work) {
    List<TensorWork> all = together.getOrDefault(work.name(), List.of(work));
    return all.stream().anyMatch(any -> any.isOneSlice(settings.taskBytes(), all.size()));
  }

  /** Whether what a work wants to know is to be found by other tasks, before it is done. */
  boolean looksElsewhere(TensorWork work) {
    return work.scan().filter(wanted -> !isOne(work) || !wanted.scope().isTensor()).isPresent();
  }
}
