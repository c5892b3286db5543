package dev.stockpot.merge.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.adapter.AdapterTargets;
import dev.stockpot.merge.adapter.WrittenAdapter;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.CardFacts;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Delta;
import dev.stockpot.merge.plan.Delta.Products.Term;
import dev.stockpot.merge.plan.DifferencePlan;
import dev.stockpot.merge.plan.Factors;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.PlanSettings;
import dev.stockpot.merge.plan.PlannedTensor;
import dev.stockpot.merge.recipe.AdapterChoice;
import dev.stockpot.merge.recipe.Combination;
import dev.stockpot.merge.recipe.RankRule;
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
    plan.requireAdapters();
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
              .formatted(Names.of(unseen), baseName, String.join("; ", why)));
    }
    if (!broken.isEmpty()) {
      throw new UserException(
          "The change of %s is no finite number; --set check-finite=true says which element is not"
              .formatted(Names.of(broken.stream().sorted().toList())));
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
    return change.isUntouched() || terms(change).isPresent();
  }

  /** Whether a tensor changes, as far as is known. */
  boolean changes(TensorChange change) {
    if (change.isUntouched()) {
      return false;
    }
    return terms(change).isPresent()
        || norms
            .map(known -> known.getOrDefault(change.tensor(), 0.0) > 0)
            .orElse(change.base().dtype().isReadable());
  }

  /** Products of adapters that are its change, where adapters are made one. */
  Optional<List<Term>> terms(TensorChange change) {
    boolean isMatrix = change.kind() != AdapterTargets.Kind.OTHER;
    return choice.combination().isPresent() && isMatrix
        ? AdapterTerms.of(change).filter(terms -> !terms.isEmpty())
        : Optional.empty();
  }

  /** Refuses models that are more than the base with low-rank products. */
  private void requireAdapters() {
    if (choice.combination().isEmpty()) {
      return;
    }
    List<String> others = new ArrayList<>();
    List<String> unequal = new ArrayList<>();
    boolean isAny = false;
    for (TensorChange change : changes) {
      Optional<List<Term>> terms = terms(change);
      isAny |= terms.isPresent();
      boolean isPair =
          change.kind() == AdapterTargets.Kind.LINEAR
              || change.kind() == AdapterTargets.Kind.TURNED;
      if (isPair && terms.isEmpty() && !change.isUntouched()) {
        others.add(change.tensor());
      }
      boolean differ =
          terms.stream().flatMap(List::stream).mapToLong(Term::rank).distinct().count() > 1;
      if (differ && choice.combination().get().rule() == Combination.Rule.FACTORS) {
        unequal.add(change.tensor());
      }
    }
    if (!others.isEmpty() || !isAny) {
      throw new UserException(
          "`combination_type` makes adapters one, so each model must be %s with LoRA adapters on top and nothing else%s. Leave `combination_type` away to make an adapter of any merge"
              .formatted(
                  baseName, others.isEmpty() ? "" : ", but of %s more is changed".formatted(Names.of(others))));
    }
    if (!unequal.isEmpty()) {
      throw new UserException(
          "`combination_type: linear` adds factors, so all must have one rank, but those of %s have several; write `cat` or `svd`"
              .formatted(Names.of(unequal)));
    }
  }

  private Delta delta(TensorChange change) {
    Optional<List<Term>> terms = terms(change);
    return terms.isPresent()
        ? new Delta.Products(
            change.base().shape(), terms.get(), choice.combination().orElseThrow(), seed)
        : new Delta.Difference(change.base(), change.changed());
  }

  /** The most that is kept of a matrix: as PEFT does, the largest rank of any adapter. */
  private long most(Delta delta) {
    boolean isOpen = !choice.rule().looksAtValues() && choice.rule().most() == RankRule.ANY;
    long most =
        isOpen && !delta.keepsFactors()
            ? changes.stream()
                .flatMap(change -> terms(change).stream().flatMap(List::stream))
                .mapToLong(Term::rank)
                .max()
                .orElse(RankRule.ANY)
            : choice.rule().most();
    return Math.min(most, delta.mostRank());
  }

  /** The thin matrices of a tensor's change. */
  Factors factors(TensorChange change) {
    boolean isEmbedding = change.kind() == AdapterTargets.Kind.EMBEDDING;
    boolean isTurned = isEmbedding || change.kind() == AdapterTargets.Kind.TURNED;
    String module = targets.module(change.tensor());
    Shape shape = change.base().shape();
    long rows = shape.dimensions().get(isTurned ? 1 : 0);
    long columns = shape.dimensions().get(isTurned ? 0 : 1);
    Delta delta = delta(change);
    long rank = ranks.getOrDefault(module, (int) most(delta));
    return new Factors(
        module,
        new OutputTensor(
            WrittenAdapter.a(module, isEmbedding), change.dtype(), Shape.of(rank, columns)),
        new OutputTensor(
            WrittenAdapter.b(module, isEmbedding), change.dtype(), Shape.of(rows, rank)),
        delta,
        isTurned,
        choice.rule());
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
    return MergePlan.of(
        tensors, settings.inOneFile(WrittenAdapter.LAYOUT), folder, notices);
  }
}
