package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.MergeMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Merges that have nothing but their base model: sums of task vectors of which there are none, and
 * the way on the sphere from a model to itself. mergekit writes the base then, in silence.
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

  /** Of two models, which may be one that is listed twice. */
  private static final String PATH = "slerp";

  private static final String COPY = "passthrough";

  private final List<MergeMethod> methods;
  private final Problems problems;

  /** For what was read; what becomes of it is told. */
  BaseAlone(List<MergeMethod> methods, Problems problems) {
    this.methods = methods;
    this.problems = problems;
  }

  /**
   * The same, or a copy of the base where it is alone in every slice.
   *
   * @param read what was written, with models that are listed twice
   * @param draft with every model as often as it counts
   */
  Draft settled(Draft read, Draft draft) {
    Optional<MergeMethod> copy =
        methods.stream().filter(method -> method.name().equals(COPY)).findFirst();
    boolean isAlone =
        !draft.slices().isEmpty()
            && draft.doubtful().isEmpty()
            && (isSumOfNothing(draft) || isWayToItself(read, draft));
    if (!isAlone || copy.isEmpty()) {
      return draft;
    }
    problems.tell(
        draft.methodLine(),
        "%s has no model beside its base model, so the result is `%s` as it is; list those that are to be merged with it"
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

  private static boolean isSumOfNothing(Draft draft) {
    return METHODS.contains(draft.method().name())
        && draft.slices().stream().allMatch(slice -> isAlone(draft, slice));
  }

  /** A model that is listed once alone was forgotten, rather, and is an error. */
  private static boolean isWayToItself(Draft read, Draft draft) {
    return draft.method().name().equals(PATH)
        && draft.slices().stream().allMatch(slice -> isAlone(draft, slice))
        && read.slices().stream().allMatch(slice -> slice.sources().size() == 2);
  }

  private static boolean isAlone(Draft draft, Slice slice) {
    return slice.sources().size() == 1
        && draft.baseOf(slice).filter(slice.sources().get(0).model()::equals).isPresent();
  }

  private static Slice copied(Slice slice) {
    Source base = slice.sources().get(0);
    return new Slice(
        List.of(
            new Source(
                base.model(),
                base.layers(),
                ParameterBlock.NONE,
                Map.of(),
                base.renames(),
                base.align(),
                base.steps(),
                base.line())),
        Optional.empty(),
        ParameterBlock.NONE,
        slice.line());
  }
}
