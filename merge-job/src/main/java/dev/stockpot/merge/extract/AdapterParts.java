package dev.stockpot.merge.extract;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.adapter.AdapterTargets;
import dev.stockpot.merge.adapter.AdapterTargets.Kind;
import dev.stockpot.merge.adapter.WrittenAdapter;
import dev.stockpot.merge.plan.Factors;
import dev.stockpot.merge.plan.PlannedTensor;
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
  private final ToldTensors told = new ToldTensors();
  private boolean isTurned;
  private boolean hasBiases;

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
   * one: what is equal comes along, and what is left as in the base as it is there.
   */
  private void completeSaved() {
    for (TensorChange change : plan.changes()) {
      String name = change.tensor();
      String module = plan.targets().module(name);
      boolean isCaught = saved.stream().anyMatch(module::endsWith);
      if (isCaught && !told.whole.contains(name) && change.base().dtype().isReadable()) {
        told.equal.remove(name);
        boolean isLeft = told.left.contains(name) || told.small.contains(name);
        addWhole(isLeft ? change.left() : change);
      }
    }
  }

  private void add(TensorChange change) {
    String name = change.tensor();
    if (!change.base().dtype().isReadable()) {
      if (!change.base().identity().equals(change.changed().identity())) {
        told.uncompared.add(name);
      }
    } else if (!plan.changes(change)) {
      told.equal.add(name);
    } else if (plan.choice().excludes(name)) {
      told.left.add(name);
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
          case LEAVE -> told.left.add(name);
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
      told.small.add(change.tensor());
      return;
    }
    Factors factors = new AdapterDeltas(plan).factors(change);
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
      told.whole.add(change.tensor());
      tensors.add(change.whole(WrittenAdapter.bias(module)));
    } else {
      addWhole(change);
    }
  }

  private void addWhole(TensorChange change) {
    String name = change.tensor();
    String module = plan.targets().module(name);
    boolean isShared = plan.targets().sharedEmbedding().filter(name::equals).isPresent();
    boolean isHidden = isShared && plan.targets().hidesSharedHead();
    if (isHidden || !plan.targets().isLeaf(name) || ranks.containsKey(module)) {
      told.homeless.add(name);
      return;
    }
    told.whole.add(name);
    saved.add(module);
    String part = name.substring(name.lastIndexOf('.') + 1);
    tensors.add(change.whole(WrittenAdapter.whole(module, part)));
    if (isShared
        && plan.changes().stream().noneMatch(other -> AdapterTargets.isHead(other.tensor()))) {
      String shared = plan.targets().sharedHead();
      told.head = Optional.of(shared);
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
    if (ranks.isEmpty()) {
      throw new UserException(
          "nothing that changed since %s is a matrix of a layer (its name ends in .weight), so that an adapter has nothing to hold. Merge the models themselves"
              .formatted(base));
    }
    return new WrittenAdapter(base, targets, ranks, saved, hasBiases, isTurned);
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
      reasons.forEach((why, modules) -> lines.add("%s: %s".formatted(FirstFew.of(modules), why)));
      throw new UserException(
          "%s\nThe largest takes %s bytes: --set task-memory=%sMiB is enough"
              .formatted(String.join("\n", lines), most, (most >> 20) + 1));
    }
  }

  /**
   * Refuses what is no adapter.
   *
   * @throws UserException if nothing differs, or something that cannot be in an adapter
   */
  void requireAdapter(String base) {
    told.requireAdapter(base, !pairs.isEmpty());
  }

  /** What a user should know of it. */
  List<String> notices(boolean isKnown) {
    return told.notices(isKnown, plan.choice().combination());
  }
}
