package dev.stockpot.merge.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.adapter.AdapterTargets;
import dev.stockpot.merge.adapter.WrittenAdapter;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.CardFacts;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.plan.DifferencePlan;
import dev.stockpot.merge.plan.Factors;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.PlanSettings;
import dev.stockpot.merge.plan.PlannedTensor;
import dev.stockpot.merge.recipe.AdapterChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An adapter instead of the checkpoint that a merge would make. What differs from the base, and how
 * many singular values are kept, is found by reading both; before that, all counts as different,
 * and as many as may be are kept.
 *
 * @param merge the plan of the checkpoint
 * @param base that the adapter changes
 * @param baseName as the recipe has it
 * @param seed of random drops
 * @param norms of the change of each tensor, by name, once they are known
 * @param ranks of the change of each module, once they are known, where its singular values decide
 */
public record AdapterPlan(
    MergePlan merge,
    Model base,
    String baseName,
    AdapterTargets targets,
    AdapterChoice choice,
    List<TensorChange> changes,
    long seed,
    Optional<Map<String, Double>> norms,
    Map<String, Integer> ranks) {
  public AdapterPlan {
    changes = List.copyOf(changes);
    norms = norms.map(Map::copyOf);
    ranks = Map.copyOf(ranks);
  }

  /**
   * The adapter that takes the place of a merge.
   *
   * @throws UserException if no adapter can do what the merge does, with names
   */
  public static AdapterPlan of(
      MergePlan merge, Model base, String baseName, AdapterChoice choice, long seed) {
    AdapterTargets targets = AdapterTargets.of(base);
    List<TensorChange> changes = ComparedTensors.of(merge, base, targets);
    AdapterPlan plan =
        new AdapterPlan(
            merge, base, baseName, targets, choice, changes, seed, Optional.empty(), Map.of());
    new AdapterDeltas(plan).requireAdapters();
    if (choice.embeddings() == AdapterChoice.Embeddings.LOW_RANK
        && targets.sharedEmbedding().isPresent()) {
      throw new UserException(
          "%s of %s is the head as well, and a change of low rank would reach only one of them; write `embeddings: whole` or `embeddings: leave`"
              .formatted(targets.sharedEmbedding().get(), baseName));
    }
    return plan;
  }

  /** What is to be looked at to know what differs. */
  public DifferencePlan differences(PlanSettings settings) {
    Map<String, TensorSource> from = new LinkedHashMap<>();
    Map<String, TensorSource> to = new LinkedHashMap<>();
    for (TensorChange change : changes) {
      if (isKnown(change)) {
        continue;
      }
      from.put(change.tensor(), change.base());
      to.put(change.tensor(), change.changed());
    }
    return DifferencePlan.of(base.with(from), base.with(to), settings);
  }

  /**
   * This, knowing what differs.
   *
   * @param figures of each tensor that was compared, by name
   * @param why some were not
   * @throws UserException if nothing does, or not everything can be in an adapter
   */
  public AdapterPlan knowing(Map<String, Figures> figures, List<String> why) {
    Map<String, Double> found = new LinkedHashMap<>();
    List<String> broken = new ArrayList<>();
    figures.forEach(
        (tensor, seen) -> {
          double norm = seen.norm(0);
          found.put(tensor, norm);
          if (!Double.isFinite(norm)) {
            broken.add(tensor);
          }
        });
    List<String> unseen =
        changes.stream()
            .filter(change -> isComparable(change) && !isKnown(change))
            .filter(change -> !found.containsKey(change.tensor()))
            .map(TensorChange::tensor)
            .toList();
    if (!unseen.isEmpty()) {
      throw new UserException(
          "%s cannot be compared with %s: %s"
              .formatted(FirstFew.of(unseen), baseName, String.join("; ", why)));
    }
    if (!broken.isEmpty()) {
      throw new UserException(
          "The change of %s is no finite number; --set check-finite=true says which element is not"
              .formatted(FirstFew.of(broken.stream().sorted().toList())));
    }
    AdapterPlan known =
        new AdapterPlan(
            merge, base, baseName, targets, choice, changes, seed, Optional.of(found), ranks);
    known.parts().requireAdapter(baseName);
    return known;
  }

  /** The matrices whose singular values decide how many are kept. */
  public List<Factors> searches() {
    return choice.rule().looksAtValues() ? parts().pairs() : List.of();
  }

  /** This, knowing how many are kept of each of {@link #searches}; none of some, maybe. */
  public AdapterPlan ranked(List<Integer> found) {
    List<Factors> searched = searches();
    Map<String, Integer> known = new LinkedHashMap<>();
    for (int i = 0; i < found.size(); i++) {
      known.put(searched.get(i).module(), found.get(i));
    }
    AdapterPlan ranked =
        new AdapterPlan(merge, base, baseName, targets, choice, changes, seed, norms, known);
    ranked.parts().requireAdapter(baseName);
    return ranked;
  }

  private AdapterParts parts() {
    return AdapterParts.of(this);
  }

  private static boolean isComparable(TensorChange change) {
    return change.base().dtype().isReadable()
        && change.changed().dtype().isReadable()
        && change.base().shape().elements() > 0;
  }

  /** Whether its headers tell that a tensor changes, or does not. */
  private boolean isKnown(TensorChange change) {
    return change.isUntouched() || AdapterDeltas.terms(change, choice).isPresent();
  }

  /** Whether a tensor changes, as far as is known. */
  boolean changes(TensorChange change) {
    if (change.isUntouched()) {
      return false;
    }
    return AdapterDeltas.terms(change, choice).isPresent()
        || norms
            .map(known -> known.getOrDefault(change.tensor(), 0.0) > 0)
            .orElse(change.base().dtype().isReadable());
  }

  /** How many singular values of a module are kept, where that is known to be none. */
  boolean isEmpty(TensorChange change) {
    return ranks.getOrDefault(targets.module(change.tensor()), 1) == 0;
  }

  /**
   * All work of the adapter.
   *
   * @throws UserException if a task has too little memory for a matrix
   */
  public MergePlan plan(PlanSettings settings) {
    AdapterParts parts = parts();
    parts.requireRoom(settings.taskBytes());
    List<PlannedTensor> tensors = parts.tensors();
    WrittenAdapter written = parts.written(baseName, targets);
    CardFacts card = merge.output().card();
    OutputFolder folder =
        OutputFolder.ofAdapter(
            WrittenAdapter.LAYOUT,
            new Companion.Made(WrittenAdapter.CONFIG, UTF_8.encode(written.config())),
            new CardFacts("peft", card.baseModels(), card.licence(), card.notice()));
    List<String> notices = new ArrayList<>(merge.notices());
    notices.addAll(parts.notices(norms.isPresent()));
    return PlannedTensor.plan(tensors, settings.inOneFile(WrittenAdapter.LAYOUT), folder, notices);
  }
}
