package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.MergeMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a recipe merges, before its rules are checked. */
final class DraftReader {
  private final Section recipe;
  private final Optional<MergeMethod> method;
  private final StrayWords words;

  DraftReader(Section recipe, Optional<MergeMethod> method, StrayWords words) {
    this.recipe = recipe;
    this.method = method;
    this.words = words;
  }

  /** What there is to merge; without a method it is read for its problems alone. */
  Optional<Draft> read() {
    Problems problems = words.problems();
    ParameterReader parameters = new ParameterReader(method, words);
    ModelReader models = new ModelReader(words);
    StatisticsReader statistics = new StatisticsReader(problems);
    SliceReader reader = new SliceReader(parameters, models, statistics, words);
    Optional<ModelReference> base = models.base(recipe);
    ParameterBlock block = parameters.read(recipe, Level.RECIPE);
    Map<String, ModelReference> ofMerge = statistics.read(recipe);
    List<Slice> slices = reader.slices(recipe);
    List<Slice> whole = reader.wholeModels(recipe);
    checkThatOneFormIsUsed(recipe, problems);
    if (method.isEmpty() || slices.isEmpty() == whole.isEmpty()) {
      return Optional.empty(); // reported: no method, nothing to merge, or both forms
    }
    boolean isWhole = !whole.isEmpty();
    if (isWhole) {
      Arity arity = method.get().arity();
      slices =
          whole.stream()
              .map(slice -> base.map(model -> withBase(slice, model, arity)).orElse(slice))
              .toList();
    }
    boolean isBaseUnreadable =
        reader.hasUnreadableBase() || (recipe.has("base_model") && base.isEmpty());
    boolean isAllDoubtful = isBaseUnreadable || (isWhole && !reader.doubtful().isEmpty());
    return Optional.of(
        new Draft(
            method.get(),
            recipe.lineOf("merge_method"),
            base,
            slices,
            isWhole,
            block,
            ofMerge,
            isAllDoubtful ? Set.copyOf(slices) : reader.doubtful(),
            isBaseUnreadable));
  }

  private static void checkThatOneFormIsUsed(Section recipe, Problems problems) {
    if (recipe.has("models") && recipe.has("slices")) {
      int models = recipe.lineOf("models");
      int slices = recipe.lineOf("slices");
      problems.add(
          Math.max(models, slices),
          "`models` in line %s and `slices` in line %s exclude each other; keep one"
              .formatted(models, slices));
    }
    problems.addIf(
        !recipe.has("models") && !recipe.has("slices"),
        recipe.line(),
        "there is nothing to merge; add `models` or `slices`");
  }

  /**
   * Adds the base model where nobody listed it and the method reads it: published recipes rely on
   * that. A method with no room for one more is left to complain.
   */
  private static Slice withBase(Slice slice, ModelReference base, Arity arity) {
    boolean hasRoom =
        arity.takesOrigin()
            || (arity.base() == Arity.Base.ONE_OF_THEM && slice.sources().size() < arity.most());
    if (slice.lists(base) || !hasRoom) {
      return slice;
    }
    List<Source> sources = new ArrayList<>(slice.sources());
    sources.add(new Source(base, Optional.empty(), ParameterBlock.NONE, base.line()));
    return new Slice(sources, slice.base(), slice.parameters(), slice.line());
  }
}
