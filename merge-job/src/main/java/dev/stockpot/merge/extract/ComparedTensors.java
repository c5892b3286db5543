package dev.stockpot.merge.extract;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.adapter.AdapterTargets;
import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.PlannedTensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which tensors of a merge stand beside which of its base: all, each of the same shape, or there is
 * no adapter.
 */
final class ComparedTensors {
  private final Model base;
  private final AdapterTargets targets;
  private final Map<String, List<String>> problems = new LinkedHashMap<>();
  private final List<TensorChange> changes = new ArrayList<>();

  private ComparedTensors(Model base, AdapterTargets targets) {
    this.base = base;
    this.targets = targets;
  }

  /**
   * Pairs them.
   *
   * @throws UserException naming what an adapter cannot do
   */
  static List<TensorChange> of(MergePlan merge, Model base, AdapterTargets targets) {
    ComparedTensors compared = new ComparedTensors(base, targets);
    Set<String> used = new HashSet<>();
    for (PlannedTensor planned : PlannedTensor.of(merge)) {
      compared.add(planned, used);
    }
    base.tensors().keySet().stream()
        .filter(name -> !used.contains(name))
        .forEach(
            name ->
                compared.problem(
                    "the merge has none of them, and an adapter takes no tensor away", name));
    compared.report();
    return NaturalOrder.sort(compared.changes, TensorChange::tensor);
  }

  private void problem(String why, String tensor) {
    problems.computeIfAbsent(why, any -> new ArrayList<>()).add(tensor);
  }

  private void add(PlannedTensor planned, Set<String> used) {
    String name = planned.output().name();
    Optional<String> twin = twin(name);
    if (twin.isEmpty()) {
      problem("the base has none of them, and an adapter adds no tensor", name);
      return;
    }
    used.add(twin.get());
    TensorSource from = base.tensors().get(twin.get());
    Optional<TensorSource> to = TensorChange.source(planned);
    if (to.isEmpty()) {
      problem(
          "they are made of whole tensors or with statistics, which is not done on the way to an adapter: merge to a checkpoint, and extract from that",
          name);
    } else if (!to.get().shape().equals(from.shape())) {
      problem(
          "their shapes differ from the base's (%s there, %s in the merge), and an adapter changes numbers alone; where tokens were added, give the base as many rows first"
              .formatted(from.shape(), to.get().shape()),
          name);
    } else if (targets.isCoded(twin.get())) {
      problem("the base holds codes there, not numbers: de-quantise it first", name);
    } else {
      Optional<String> obstacle = to.get().obstacle().or(from::obstacle);
      obstacle.ifPresent(why -> problem(why, name));
      changes.add(new TensorChange(targets.kind(name, from.shape()), from, to.get(), planned));
    }
  }

  /** The tensor of the base that stands for one of the merge. */
  private Optional<String> twin(String name) {
    if (base.tensors().containsKey(name)) {
      return Optional.of(name);
    }
    return AdapterTargets.isHead(name) ? targets.sharedEmbedding() : Optional.empty();
  }

  private void report() {
    if (!problems.isEmpty()) {
      List<String> lines = new ArrayList<>();
      problems.forEach(
          (why, names) ->
              lines.add("No adapter can be made of %s: %s".formatted(FirstFew.of(names), why)));
      throw new UserException(String.join("\n", lines));
    }
  }
}
