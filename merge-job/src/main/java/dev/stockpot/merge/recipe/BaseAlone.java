package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.MergeMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sums of task vectors of which there are none, because the base model is the only one. mergekit
 * writes the base then, in silence.
 */
final class BaseAlone {
  /** The methods of which it does. */
  private static final Set<String> METHODS =
      Set.of(
          "task_arithmetic",
          "ties",
          "dare_linear",
          "dare_ties",
          "breadcrumbs",
          "breadcrumbs_ties",
          "della",
          "della_linear");

  private static final String COPY = "passthrough";

  private final List<MergeMethod> methods;
  private final Problems problems;

  /** For what was read; what becomes of it is told. */
  BaseAlone(List<MergeMethod> methods, Problems problems) {
    this.methods = methods;
    this.problems = problems;
  }

  /** The same, or a copy of the base where it is alone in every slice. */
  Draft settled(Draft draft) {
    Optional<MergeMethod> copy =
        methods.stream().filter(method -> method.name().equals(COPY)).findFirst();
    boolean isAlone =
        METHODS.contains(draft.method().name())
            && !draft.slices().isEmpty()
            && draft.doubtful().isEmpty()
            && draft.slices().stream().allMatch(slice -> isAlone(draft, slice));
    if (!isAlone || copy.isEmpty()) {
      return draft;
    }
    problems.tell(
        draft.methodLine(),
        "%s has no model beside its base model, so the result is `%s` as it is; list those that are to be merged onto it"
            .formatted(draft.method().name(), draft.slices().get(0).sources().get(0).model()));
    return new Draft(
        copy.get(),
        draft.methodLine(),
        draft.base(),
        draft.slices().stream().map(BaseAlone::copied).toList(),
        draft.wholeModels(),
        ParameterBlock.NONE,
        Map.of(),
        Set.of(),
        draft.isBaseUnreadable());
  }

  private static boolean isAlone(Draft draft, Slice slice) {
    return slice.sources().size() == 1 && draft.isOrigin(slice, slice.sources().get(0));
  }

  private static Slice copied(Slice slice) {
    Source base = slice.sources().get(0);
    return new Slice(
        List.of(new Source(base.model(), base.layers(), ParameterBlock.NONE, base.line())),
        Optional.empty(),
        ParameterBlock.NONE,
        slice.line());
  }
}
