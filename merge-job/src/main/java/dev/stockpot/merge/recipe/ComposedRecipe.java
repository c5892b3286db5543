package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.number.DType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a recipe with {@code compose}: models are put together by rules, and what they make passes
 * through unchanged.
 *
 * @param source name of the file, for messages
 * @param text the recipe as it was written
 */
record ComposedRecipe(String source, String text, StrayWords words, List<MergeMethod> methods) {
  private static final String PASSTHROUGH = "passthrough";

  /** The recipe; empty if there is a problem. */
  Optional<Recipe> read(MapNode map) {
    Problems problems = words.problems();
    int before = problems.count();
    Section recipe = new Section(map, RecipeKeys.COMPOSITION, words);
    Composition read = new ComposeReader(words).read(recipe);
    Optional<ModelReference> base = new ModelReader(words).base(recipe);
    Optional<ModelReference> donor = base.or(() -> first(read));
    problems.addIf(
        donor.isEmpty() && problems.count() == before,
        recipe.lineOf(ComposeReader.KEY),
        "no rule of `compose` takes tensors of a model; name a `base_model`, which gives"
            + " configuration and tokenizer");
    Optional<DType> dtype = DTypeWord.of(recipe, "dtype", problems);
    Optional<DType> outDtype = DTypeWord.of(recipe, "out_dtype", problems);
    if (problems.count() > before || donor.isEmpty()) {
      return Optional.empty();
    }
    Source whole =
        new Source(donor.get(), Optional.empty(), ParameterBlock.NONE, donor.get().line());
    Slice slice = new Slice(List.of(whole), Optional.empty(), ParameterBlock.NONE, recipe.line());
    return Optional.of(
        new Recipe(
            source,
            text,
            passthrough(),
            base,
            List.of(slice),
            true,
            ParameterBlock.NONE,
            dtype,
            outDtype,
            Map.of(),
            VocabularyChoice.NONE,
            Optional.empty(),
            Optional.of(read),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            List.of(),
            Stages.NONE));
  }

  /** The first model that tensors are taken of, and not only left out. */
  private static Optional<ModelReference> first(Composition read) {
    return read.rules().stream().flatMap(rule -> rule.giver().stream()).findFirst();
  }

  private MergeMethod passthrough() {
    return methods.stream()
        .filter(method -> method.name().equals(PASSTHROUGH))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no method is called " + PASSTHROUGH));
  }
}
