package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What models that are aligned by their activations have beside them. */
final class AlignStatistics {
  private final Draft draft;
  private final Problems problems;

  AlignStatistics(Draft draft, Problems problems) {
    this.draft = draft;
    this.problems = problems;
  }

  /** Kinds of statistics that a model may have beside it because units are matched. */
  Set<String> kinds(Source source) {
    Set<String> kinds = new LinkedHashSet<>();
    source.align().ifPresent(choice -> kinds.addAll(choice.by().together()));
    for (AlignChoice choice : choices()) {
      boolean isEither =
          source.align().filter(choice::isLike).isPresent()
              || choice.to(draft.base()).equals(source.model());
      kinds.addAll(isEither ? choice.by().ofEach() : List.of());
    }
    return kinds;
  }

  private List<AlignChoice> choices() {
    List<AlignChoice> choices = new ArrayList<>();
    draft
        .slices()
        .forEach(slice -> slice.sources().forEach(each -> each.align().ifPresent(choices::add)));
    return choices;
  }

  /** What is missing, or is of units as they were. */
  void check(Source source) {
    Optional<AlignChoice> align = source.align();
    if (align.isEmpty()) {
      return;
    }
    for (String kind : align.get().by().together()) {
      problems.addIf(
          !source.statistics().containsKey(kind),
          align.get().line(),
          "`by: %s` needs `%s` of both models; add a line `statistics: {%s: PATH}` to %s"
              .formatted(align.get().by().word(), kind, kind, source.model()));
    }
    for (String kind :
        align.get().by() == AlignChoice.By.ZIPIT ? List.of("gram") : List.<String>of()) {
      problems.addIf(
          !source.statistics().containsKey(kind) || !hasBeside(align.get().to(draft.base()), kind),
          align.get().line(),
          "`by: zipit` needs `%s` of both models; add it to the `statistics` of %s and of %s"
              .formatted(kind, source.model(), align.get().to(draft.base())));
    }
    problems.addIf(
        draft.statistics().containsKey("crossgram"),
        align.get().line(),
        "`crossgram` beside `models` is of both as they are, and units of %s move: merge the"
                .formatted(source.model())
            + " aligned model alone first, and make it of that");
  }

  private boolean hasBeside(ModelReference model, String kind) {
    return draft.slices().stream()
        .flatMap(slice -> slice.sources().stream())
        .anyMatch(source -> source.model().equals(model) && source.statistics().containsKey(kind));
  }
}
