package dev.stockpot.merge.recipe;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of a recipe. */
final class RecipeKeys {
  private static final String TRIALS =
      "makes trials, which is done for one recipe at a time; merge this one by itself";
  static final Section.Keys ALL =
      new Section.Keys(
          "a recipe",
          List.of(
              "merge_method",
              "base_model",
              "models",
              "slices",
              "parameters",
              "statistics",
              "dtype",
              "out_dtype",
              "tokenizer_source",
              "tokenizer",
              "chat_template",
              "vocab-tensors",
              "post",
              "output"),
          Map.of("soup", TRIALS, "search", TRIALS, "evaluate", TRIALS),
          Map.of("name", "says what a stage is called, and there is only one"),
          Optional.of(Level.RECIPE));

  private RecipeKeys() {}
}
