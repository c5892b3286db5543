package dev.stockpot.merge.extract;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.adapter.AdapterTargets;
import dev.stockpot.merge.adapter.WrittenAdapter;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Delta;
import dev.stockpot.merge.plan.Delta.Products.Term;
import dev.stockpot.merge.plan.Factors;
import dev.stockpot.merge.recipe.AdapterChoice;
import dev.stockpot.merge.recipe.RankRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The changes of matrices: what each is worked out from, and how many dimensions are kept. */
record AdapterDeltas(AdapterPlan plan) {
  /** Products of adapters that are its change, where adapters are made one. */
  static Optional<List<Term>> terms(TensorChange change, AdapterChoice choice) {
    boolean isMatrix = change.kind() != AdapterTargets.Kind.OTHER;
    return choice.combination().isPresent() && isMatrix
        ? AdapterTerms.of(change).filter(terms -> !terms.isEmpty())
        : Optional.empty();
  }

  private AdapterChoice choice() {
    return plan.choice();
  }

  /** Refuses models that are more than the base with low-rank products. */
  void requireAdapters() {
    if (choice().combination().isEmpty()) {
      return;
    }
    List<String> others = new ArrayList<>();
    List<String> unequal = new ArrayList<>();
    boolean isAny = false;
    for (TensorChange change : plan.changes()) {
      Optional<List<Term>> terms = terms(change, choice());
      isAny |= terms.isPresent();
      boolean isPair =
          change.kind() == AdapterTargets.Kind.LINEAR
              || change.kind() == AdapterTargets.Kind.TURNED;
      if (isPair && terms.isEmpty() && !change.isUntouched()) {
        others.add(change.tensor());
      }
      boolean differ =
          terms.stream().flatMap(List::stream).mapToLong(Term::rank).distinct().count() > 1;
      if (differ && choice().combination().get().rule().addsFactors()) {
        unequal.add(change.tensor());
      }
    }
    if (!others.isEmpty() || !isAny) {
      throw new UserException(
          "`combination_type` makes adapters one, so each model must be %s with LoRA adapters on top and nothing else%s. Leave `combination_type` away to make an adapter of any merge"
              .formatted(
                  plan.baseName(),
                  others.isEmpty()
                      ? ""
                      : ", but of %s more is changed".formatted(FirstFew.of(others))));
    }
    if (!unequal.isEmpty()) {
      throw new UserException(
          "`combination_type: %s` adds factors, so all must have one rank, but those of %s have several; write `cat` or `svd`"
              .formatted(choice().combination().get().rule().word(), FirstFew.of(unequal)));
    }
  }

  private Delta delta(TensorChange change) {
    Optional<List<Term>> terms = terms(change, choice());
    return terms.isPresent()
        ? new Delta.Products(
            change.base().shape(), terms.get(), choice().combination().orElseThrow(), plan.seed())
        : new Delta.Difference(change.base(), change.changed());
  }

  /** The most that is kept of a matrix: as PEFT does, the largest rank of any adapter. */
  private long most(Delta delta) {
    boolean isOpen = !choice().rule().looksAtValues() && choice().rule().most() == RankRule.ANY;
    long most =
        isOpen && !delta.keepsFactors()
            ? plan.changes().stream()
                .flatMap(change -> terms(change, choice()).stream().flatMap(List::stream))
                .mapToLong(Term::rank)
                .max()
                .orElse(RankRule.ANY)
            : choice().rule().most();
    return Math.min(most, delta.mostRank());
  }

  /** The thin matrices of a tensor's change. */
  Factors factors(TensorChange change) {
    boolean isEmbedding = change.kind() == AdapterTargets.Kind.EMBEDDING;
    boolean isTurned = isEmbedding || change.kind() == AdapterTargets.Kind.TURNED;
    String module = plan.targets().module(change.tensor());
    Shape shape = change.base().shape();
    long rows = shape.dimensions().get(isTurned ? 1 : 0);
    long columns = shape.dimensions().get(isTurned ? 0 : 1);
    Delta delta = delta(change);
    long rank = plan.ranks().getOrDefault(module, (int) most(delta));
    return new Factors(
        module,
        new OutputTensor(
            WrittenAdapter.a(module, isEmbedding), change.dtype(), Shape.of(rank, columns)),
        new OutputTensor(
            WrittenAdapter.b(module, isEmbedding), change.dtype(), Shape.of(rows, rank)),
        delta,
        isTurned,
        choice().rule());
  }
}
