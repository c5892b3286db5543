package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.Parameter.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Models that a slice lists twice. mergekit takes the first alone, in silence. Where models have
 * weights both count, as if their weights were added; elsewhere one model counts once.
 */
final class Repeated {
  private final Draft draft;
  private final Problems problems;
  private final boolean hasWeights;

  /** For what was read; what becomes of it is told, or is a problem. */
  Repeated(Draft draft, Problems problems) {
    this.draft = draft;
    this.problems = problems;
    this.hasWeights =
        draft.method().parameters().stream()
            .anyMatch(
                parameter -> parameter.scope() == Scope.MODEL && parameter.name().equals("weight"));
  }

  /** The same with every model as often as it counts. */
  Draft settled() {
    return draft.with(draft.slices().stream().map(this::settled).toList());
  }

  private Slice settled(Slice slice) {
    List<Source> sources = new ArrayList<>();
    for (Source source : slice.sources()) {
      Optional<Source> earlier =
          sources.stream().filter(listed -> listed.model().equals(source.model())).findFirst();
      if (earlier.isEmpty() || counts(slice, source, earlier.get())) {
        sources.add(source);
      }
    }
    return new Slice(sources, slice.base(), slice.parameters(), slice.line());
  }

  /** Whether a model counts once more. */
  private boolean counts(Slice slice, Source source, Source earlier) {
    String twice =
        "`%s` is listed twice, here and in line %s".formatted(source.model(), earlier.line());
    boolean isOrigin = draft.isOrigin(slice, source);
    boolean sameLayers = source.layers().equals(earlier.layers());
    if (hasWeights && !isOrigin) {
      problems.tell(
          source.line(),
          sameLayers
              ? twice + ", and counts for both: the weights add. mergekit takes the first alone"
              : twice + " with other layers, and both count. mergekit takes the first alone");
      return true;
    }
    if (!sameLayers) {
      problems.add(source.line(), twice + " with other layers; remove one");
      return true;
    }
    problems.tell(
        source.line(),
        isOrigin
            ? twice + ", and counts once: it is the base model"
            : "%s, and counts once, as %s weighs no models"
                .formatted(twice, draft.method().name()));
    return false;
  }
}
