package dev.stockpot.merge.extract;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.adapter.AdapterTargets;
import dev.stockpot.merge.adapter.AdapterTargets.Kind;
import dev.stockpot.merge.adapter.WrittenAdapter;
import dev.stockpot.merge.plan.Factors;
import dev.stockpot.merge.plan.PlannedTensor;
import dev.stockpot.merge.recipe.Combination;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What lies in an adapter: pairs of thin matrices, and tensors as they are; and what does not. */
final class AdapterParts {
  private final AdapterPlan plan;
  private final List<PlannedTensor> tensors = new ArrayList<>();
  private final List<Factors> pairs = new ArrayList<>();
  private final Map<String, Integer> ranks = new TreeMap<>();
  private final TreeSet<String> saved = new TreeSet<>();
  private final List<TensorChange> biases = new ArrayList<>();
  private final List<String> whole = new ArrayList<>();
  private final List<String> equal = new ArrayList<>();
  private final List<String> left = new ArrayList<>();
  private final List<String> small = new ArrayList<>();
  private final List<String> uncompared = new ArrayList<>();
  private final List<String> homeless = new ArrayList<>();
  private boolean isTurned;
  private boolean hasBiases;
  private Optional<String> head = Optional.empty();

  private AdapterParts(AdapterPlan plan) {
    this.plan = plan;
  }

  static AdapterParts of(AdapterPlan plan) {
    AdapterParts parts = new AdapterParts(plan);
    plan.changes().forEach(parts::add);
    parts.biases.forEach(parts::addBias);
    parts.completeSaved();
    return parts;
  }

  /**
   * PEFT wants all tensors of a module that is saved, and saves all modules whose names end like
   * one: what is equal comes along.
   */
  private void completeSaved() {
    for (TensorChange change : plan.changes()) {
      String name = change.tensor();
      String module = plan.targets().module(name);
      boolean isCaught = saved.stream().anyMatch(module::endsWith);
      if (isCaught && !whole.contains(name) && change.base().dtype().isReadable()) {
        equal.remove(name);
        addWhole(change);
      }
    }
  }

  private void add(TensorChange change) {
    String name = change.tensor();
    if (!change.base().dtype().isReadable()) {
      if (!change.base().identity().equals(change.changed().identity())) {
        uncompared.add(name);
      }
    } else if (!plan.changes(change)) {
      equal.add(name);
    } else if (plan.choice().excludes(name)) {
      left.add(name);
    } else {
      addChanged(change);
    }
  }

  private void addChanged(TensorChange change) {
    String name = change.tensor();
    switch (change.kind()) {
      case LINEAR, TURNED -> addPair(change);
      case EMBEDDING, HEAD -> {
        switch (plan.choice().embeddings()) {
          case WHOLE -> addWhole(change);
          case LOW_RANK -> addPair(change);
          case LEAVE -> left.add(name);
        }
      }
      case OTHER -> {
        if (name.endsWith(".bias")) {
          biases.add(change);
        } else {
          addWhole(change);
        }
      }
    }
  }

  private void addPair(TensorChange change) {
    if (plan.isEmpty(change)) {
      small.add(change.tensor());
      return;
    }
    Factors factors = plan.factors(change);
    pairs.add(factors);
    ranks.put(factors.module(), factors.rank());
    isTurned |= change.kind() == Kind.TURNED;
    for (int i = 0; i < factors.outputs().size(); i++) {
      tensors.add(
          new PlannedTensor(
              factors.outputs().get(i),
              factors,
              change.planned().merge(),
              change.planned().models()));
    }
  }

  private void addBias(TensorChange change) {
    String module = plan.targets().module(change.tensor());
    if (ranks.containsKey(module)) {
      hasBiases = true;
      whole.add(change.tensor());
      tensors.add(change.whole(WrittenAdapter.bias(module)));
    } else {
      addWhole(change);
    }
  }

  private void addWhole(TensorChange change) {
    String name = change.tensor();
    String module = plan.targets().module(name);
    if (!plan.targets().isLeaf(name) || ranks.containsKey(module)) {
      homeless.add(name);
      return;
    }
    whole.add(name);
    saved.add(module);
    String part = name.substring(name.lastIndexOf('.') + 1);
    tensors.add(change.whole(WrittenAdapter.whole(module, part)));
    if (plan.targets().sharedEmbedding().filter(name::equals).isPresent()
        && plan.changes().stream().noneMatch(other -> AdapterTargets.isHead(other.tensor()))) {
      String shared = plan.targets().sharedHead();
      head = Optional.of(shared);
      saved.add(shared);
      tensors.add(change.whole(WrittenAdapter.whole(shared, part)));
    }
  }

  List<PlannedTensor> tensors() {
    return tensors;
  }

  List<Factors> pairs() {
    return pairs;
  }

  WrittenAdapter written(String base, AdapterTargets targets) {
    return new WrittenAdapter(base, targets, ranks, saved, hasBiases, isTurned);
  }

  /**
   * Refuses what is no adapter.
   *
   * @throws UserException if nothing differs, or something that cannot be in an adapter
   */
  void requireAdapter(String base) {
    if (!homeless.isEmpty()) {
      throw new UserException(
          "%s differ from %s and cannot be in an adapter: they are no weights of linear layers, and lie in modules with others in them, which PEFT would save as a whole. Merge to a checkpoint, or leave them as they are in the base: --exclude, or `exclude` under `output`"
              .formatted(Names.of(homeless), base));
    }
    if (pairs.isEmpty()) {
      String what =
          whole.isEmpty() && left.isEmpty() && small.isEmpty()
              ? "nothing differs"
              : "only %s differ".formatted(Names.of(all(whole, left, small)));
      throw new UserException(
          "There is no adapter to be made of %s: %s, and a LoRA needs the matrix of at least one linear layer whose change is kept"
              .formatted(base, what));
    }
  }

  private static List<String> all(List<String> first, List<String> second, List<String> third) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    all.addAll(third);
    return all;
  }

  /**
   * Refuses matrices that a task cannot hold.
   *
   * @throws UserException naming them, and the setting
   */
  void requireRoom(long taskBytes) {
    Map<String, List<String>> reasons = new LinkedHashMap<>();
    long most = 0;
    for (Factors pair : pairs) {
      Optional<String> obstacle = pair.obstacle(taskBytes);
      if (obstacle.isPresent()) {
        most = Math.max(most, pair.memory());
        reasons.computeIfAbsent(obstacle.get(), any -> new ArrayList<>()).add(pair.module());
      }
    }
    if (!reasons.isEmpty()) {
      List<String> lines = new ArrayList<>();
      reasons.forEach(
          (why, modules) -> lines.add("%s: %s".formatted(Names.of(modules), why)));
      throw new UserException(
          "%s\nThe largest takes %s bytes: --set task-memory=%sMiB is enough"
              .formatted(String.join("\n", lines), most, (most >> 20) + 1));
    }
  }

  /** What a user should know of it. */
  List<String> notices(boolean isKnown) {
    if (!isKnown) {
      return List.of(
          "what differs from the base is found first, by reading both once: what is here is the most that can come of it");
    }
    List<String> notices = new ArrayList<>();
    plan.choice()
        .combination()
        .filter(how -> how.rule() == Combination.Rule.FACTORS)
        .ifPresent(
            how ->
                notices.add(
                    "`combination_type: linear` adds the factors of adapters, whose product has cross terms: it is not the sum of their changes, and often far from it; `cat` and `svd` make that"));
    add(notices, equal, "as in the base, and not in the adapter");
    add(
        notices,
        whole,
        "that differ and are no matrices of linear layers lie in the adapter as they are (`modules_to_save`, or biases)");
    add(notices, left, "that differ left as in the base, as was asked");
    add(
        notices,
        small,
        "with too small a change for the rule that was given: left as in the base");
    add(
        notices,
        uncompared,
        "of no floating-point numbers, and so not compared: left as in the base");
    head.ifPresent(
        shared ->
            notices.add(
                "the base has one tensor for embedding and head: the adapter holds it for both, as %s, too"
                    .formatted(shared)));
    return notices;
  }

  private static void add(List<String> notices, List<String> names, String what) {
    if (!names.isEmpty()) {
      notices.add(
          "%s %s: %s"
              .formatted(
                  names.size() == 1 ? "1 tensor" : names.size() + " tensors",
                  what,
                  Names.of(names)));
    }
  }
}
