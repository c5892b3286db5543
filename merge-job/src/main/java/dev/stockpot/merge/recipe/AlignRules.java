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
  }

  private void check(Source source, AlignChoice choice) {
    ModelReference to = choice.to(draft.base());
    problems.addIf(
        to.equals(source.model()),
        choice.line(),
        "`%s` is aligned to itself; name another model".formatted(source.model()));
    boolean isMoving =
        !to.equals(source.model())
            && sources.containsKey(to)
            && sources.get(to).align().isPresent();
    problems.addIf(
        isMoving,
        choice.line(),
        "`%s` is aligned to `%s`, which is aligned itself; align all of them to one model"
            .formatted(source.model(), to));
    problems.addIf(
        draft.base().filter(source.model()::equals).isPresent(),
        choice.line(),
        "`%s` is the base model, which stays as it is; align the others to it"
            .formatted(source.model()));
  }

  private static boolean isAlike(Optional<AlignChoice> one, Optional<AlignChoice> other) {
    return one.isPresent() == other.isPresent()
        && (one.isEmpty() || one.get().isLike(other.orElseThrow()));
  }
}
