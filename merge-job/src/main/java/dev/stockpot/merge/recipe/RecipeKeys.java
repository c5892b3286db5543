package dev.stockpot.merge.recipe;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
              "heads",
              "freeze",
              "post",
              "output"),
          Map.of("soup", TRIALS, "search", TRIALS, "evaluate", TRIALS),
          Map.of("name", "says what a stage is called, and there is only one"),
          Optional.of(Level.RECIPE));

  /** The keys of an element of {@code heads}. */
  static final Section.Keys HEAD =
      new Section.Keys(
          "an element of `heads`",
          Stream.of(
                  List.of("match", "from", "labels", "leave_out", "shape"),
                  InitialisationReader.KEYS)
              .flatMap(List::stream)
              .toList(),
          Map.of(),
          Map.of(),
          Optional.empty());

  private static final String FILES =
      "is for a merge; compose in a stage, and take that stage in a merge that has it";

  /** The keys of a composition. */
  static final Section.Keys COMPOSITION =
      new Section.Keys(
          "a composition",
          List.of(ComposeReader.KEY, "config", "base_model", "dtype", "out_dtype"),
          Map.of(
              "merge_method", FILES,
              "models", FILES,
              "slices", FILES,
              "parameters", FILES,
              "tokenizer", FILES,
              "tokenizer_source", FILES,
              "chat_template", FILES,
              "output", FILES,
              "soup", TRIALS,
              "search", TRIALS),
          Map.of("name", "says what a stage is called, and there is only one"),
          Optional.empty());

  private RecipeKeys() {}
}
