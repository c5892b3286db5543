package dev.stockpot.merge.plan;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.output.OutputTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Merges of the same tensors, by other weights or parameters or of other models, so that one
 * reading of all these serves all. Each is cut as the others are, and makes the bytes that it would
 * make alone.
 */
public record SharedPlans(List<MergePlan> plans) {
  /**
   * What is worked on at once at the least. A task that has no room for twice that reads nothing
   * ahead, and works.
   */
  private static final long LEAST_ELEMENTS = 1 << 12;

  public SharedPlans {
    plans = List.copyOf(plans);
  }

  /**
   * Cuts the plans alike.
   *
   * @param settings by which each was planned
   * @throws UserException if they do not make the same tensors, or those that are looked at first
   *     are of other inputs
   * @throws UserException if a task has too little memory for so many outputs
   */
  public static SharedPlans of(List<MergePlan> plans, PlanSettings settings) {
    if (plans.isEmpty()) {
      throw new IllegalArgumentException("no plans");
    }
    if (plans.size() == 1) {
      return new SharedPlans(plans);
    }
    List<List<PlannedTensor>> tensors = plans.stream().map(PlannedTensor::of).toList();
    for (int merge = 1; merge < plans.size(); merge++) {
      requireAlike(tensors.get(0), tensors.get(merge), merge);
    }
    Map<String, List<TensorWork>> together = new LinkedHashMap<>();
    tensors.forEach(
        ofMerge ->
            ofMerge.forEach(
                tensor ->
                    together
                        .computeIfAbsent(tensor.work().name(), any -> new ArrayList<>())
                        .add(tensor.work())));
    together.values().forEach(works -> requireRoom(works, settings.taskBytes()));
    Cuts cuts = new Cuts(settings, together);
    List<MergePlan> cut = new ArrayList<>();
    for (int merge = 0; merge < plans.size(); merge++) {
      PlanSettings own = settings.with(plans.get(merge).output().layout());
      cut.add(plans.get(merge).cut(new ShardLayout(tensors.get(merge), own, cuts)));
    }
    return new SharedPlans(cut);
  }

  private static void requireAlike(
      List<PlannedTensor> first, List<PlannedTensor> other, int merge) {
    if (first.size() != other.size()) {
      throw new UnlikePlansException(
          merge, "makes %s tensors, the first one %s".formatted(other.size(), first.size()));
    }
    for (int i = 0; i < first.size(); i++) {
      requireAlike(first.get(i), other.get(i), merge);
    }
  }

  private static void requireAlike(PlannedTensor first, PlannedTensor other, int merge) {
    if (!first.output().equals(other.output())) {
      throw new UnlikePlansException(
          merge,
          "makes %s, where the first one makes %s"
              .formatted(described(other.output()), described(first.output())));
    }
    boolean mayDiffer =
        SharedInputs.mayDiffer(first.work()) && SharedInputs.mayDiffer(other.work());
    if (!mayDiffer && !first.work().inputs().equals(other.work().inputs())) {
      throw new UnlikePlansException(
          merge,
          "looks at %s, which is of other inputs than the first one's, before it makes it"
              .formatted(first.output().name()));
    }
    if (first.work().unitElements() != other.work().unitElements()) {
      throw new UnlikePlansException(
          merge,
          "goes through %s row by row, or the first one does".formatted(first.output().name()));
    }
  }

  private static String described(OutputTensor tensor) {
    return "%s %s %s".formatted(tensor.name(), tensor.dtype(), tensor.shape());
  }

  private static void requireRoom(List<TensorWork> works, long taskBytes) {
    TensorWork first = works.get(0);
    long rows = Math.max(LEAST_ELEMENTS, first.rows().elements());
    ElementSpan least = new ElementSpan(0, Math.min(rows, first.shape().elements()));
    Footprint inputs = new SharedInputs(works).footprint(least);
    long outputs = works.stream().mapToLong(work -> work.outputBytes(least)).sum();
    if (first.streams() && inputs.memory() + outputs > taskBytes) {
      throw new UserException(
          ("%s merges at once take %s bytes of a task for %s, more than its %s."
                  + " Raise task-memory, or make fewer at once")
              .formatted(works.size(), inputs.memory() + outputs, first.name(), taskBytes));
    }
  }
}
