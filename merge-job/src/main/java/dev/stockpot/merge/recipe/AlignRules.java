package dev.stockpot.merge.recipe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A model is one view in all of a recipe, and what others are aligned to stays as it is. */
final class AlignRules {
  private final Draft draft;
  private final Problems problems;
  private final Map<ModelReference, Source> sources = new LinkedHashMap<>();

  AlignRules(Draft draft, Problems problems) {
    this.draft = draft;
    this.problems = problems;
  }

  void check() {
    for (Slice slice : draft.slices()) {
      for (Source source : slice.sources()) {
        Source earlier = sources.putIfAbsent(source.model(), source);
        problems.addIf(
            earlier != null && !isAlike(earlier.align(), source.align()),
            source.line(),
            "`%s` is aligned otherwise than in line %s; give it the same `align` in both places"
                .formatted(source.model(), earlier == null ? 0 : earlier.line()));
      }
    }
    for (Source source : sources.values()) {
      source.align().ifPresent(choice -> check(source, choice));
    }
    sources.values().stream()
        .flatMap(source -> source.align().stream())
        .filter(AlignChoice::isToMean)
        .findFirst()
        .ifPresent(this::checkMean);
  }

  /** The mean of models of which each is matched to that of the others. */
  private void checkMean(AlignChoice first) {
    long others =
        sources.keySet().stream()
            .filter(it -> !draft.base().filter(it::equals).isPresent())
            .count();
    problems.addIf(
        others < 2,
        first.line(),
        "`align: {to: mean}` is for two models or more, and there is %s; align it to a model"
            .formatted(others));
    for (Source source : sources.values()) {
      source
          .align()
          .filter(choice -> !choice.isToMean() || choice.by() != AlignChoice.By.WEIGHTS)
          .ifPresent(
              choice ->
                  problems.add(
                      choice.line(),
                      choice.isToMean()
                          ? "`by: %s` is of two models, and no statistics are of a mean; match to it by weights"
                              .formatted(choice.by().word())
                          : "`%s` is aligned to `%s` beside others that are aligned to the mean; align all to the mean, or all to one model"
                              .formatted(source.model(), choice.to(draft.base()))));
    }
  }

  private void check(Source source, AlignChoice choice) {
    problems.addIf(
        draft.base().filter(source.model()::equals).isPresent(),
        choice.line(),
        "`%s` is the base model, which stays as it is; align the others to it"
            .formatted(source.model()));
    turned(source, choice)
        .ifPresent(
            beside ->
                problems.add(
                    choice.line(),
                    "`heads: turned` beside %s, which knows of places alone; leave out one of them"
                        .formatted(beside)));
    if (choice.isToMean()) {
      return;
    }
    ModelReference to = choice.to(draft.base());
    problems.addIf(
        to.equals(source.model()),
        choice.line(),
        "`%s` is aligned to itself; name another model".formatted(source.model()));
    if (choice.by() == AlignChoice.By.ZIPIT) {
      checkZip(choice, to);
    }
    boolean isMoving =
        !to.equals(source.model())
            && sources.containsKey(to)
            && sources.get(to).align().isPresent();
    problems.addIf(
        isMoving,
        choice.line(),
        "`%s` is aligned to `%s`, which is aligned itself; align all of them to one model"
            .formatted(source.model(), to));
  }

  /**
   * Both models' units are joined, so that both are views, and nothing else is of them as they
   * were.
   */
  private void checkZip(AlignChoice choice, ModelReference to) {
    problems.addIf(
        sources.size() != 2 || !sources.containsKey(to) || draft.base().isPresent(),
        choice.line(),
        "`by: zipit` joins the units of two models, and here are %s%s: merge `%s` and this one alone, without a base"
            .formatted(sources.size(), draft.base().isPresent() ? " and a base" : "", to));
    problems.addIf(
        !draft.method().sideInputs().isEmpty(),
        choice.line(),
        "%s reads statistics of units as they were, and `by: zipit` joins them; take `linear`"
            .formatted(draft.method().name()));
    problems.addIf(
        choice.movesResidual() || choice.turnsHeads(),
        choice.line(),
        "`by: zipit` beside `%s`: it joins units of layers; leave that out"
            .formatted(choice.movesResidual() ? "residual: free" : "heads: turned"));
  }

  /** What turned heads cannot stand beside. */
  private static Optional<String> turned(Source source, AlignChoice choice) {
    if (!choice.turnsHeads()) {
      return Optional.empty();
    }
    if (choice.isToMean()) {
      return Optional.of("`to: mean`");
    }
    if (choice.movesResidual()) {
      return Optional.of("`residual: free`");
    }
    return source.statistics().isEmpty()
        ? Optional.empty()
        : Optional.of("`statistics` of %s".formatted(source.model()));
  }

  private static boolean isAlike(Optional<AlignChoice> one, Optional<AlignChoice> other) {
    return one.isPresent() == other.isPresent()
        && (one.isEmpty() || one.get().isLike(other.orElseThrow()));
  }
}
