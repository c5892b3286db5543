package dev.stockpot.merge.recipe;

import dev.stockpot.merge.recipe.AdapterChoice.Embeddings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads {@code output}: what is made of a merge. */
final class OutputReader {
  private static final String KEY = "output";
  private static final String ADAPTER = "adapter";
  private static final List<String> KINDS = List.of("checkpoint", ADAPTER);
  private static final Section.Keys OUTPUT =
      new Section.Keys(
          "`output`",
          List.of(
              "kind",
              "rank",
              "energy",
              "threshold",
              "error",
              "embeddings",
              "exclude",
              "combination_type",
              "svd_rank",
              "density",
              "majority_sign_method",
              "space"),
          Map.of(),
          Map.of(),
          Optional.empty());

  private final StrayWords words;
  private final Problems problems;

  OutputReader(StrayWords words) {
    this.words = words;
    this.problems = words.problems();
  }

  /** The adapter that a recipe makes; nothing if it makes a checkpoint, or is wrong. */
  Optional<AdapterChoice> read(Section recipe) {
    Optional<MapNode> map = recipe.map(KEY);
    if (map.isEmpty()) {
      return Optional.empty();
    }
    Section output = new Section(map.get(), OUTPUT, words);
    Optional<String> kind = output.word("kind");
    problems.addIf(
        kind.isEmpty() || !KINDS.contains(kind.get()),
        output.lineOf("kind"),
        "`kind` of `output` is %s, must be one of %s"
            .formatted(kind.orElse("missing"), Suggestion.quoted(KINDS)));
    if (!kind.equals(Optional.of(ADAPTER))) {
      problems.addIf(
          kind.isPresent() && output.has("rank"),
          output.lineOf("rank"),
          "`rank` is %s, but only an adapter has one; write `kind: adapter`"
              .formatted(output.value("rank").map(Node::shown).orElse("")));
      return Optional.empty();
    }
    checkRecipe(recipe);
    int before = problems.count();
    Optional<Combination> combination = new CombinationReader(words).read(output, recipe);
    Optional<RankRule> rule = new RankReader(problems).read(output, combination);
    if (problems.count() > before) {
      return Optional.empty();
    }
    Embeddings embeddings = embeddings(output);
    List<Pattern> excluded = excluded(output);
    return rule.map(
        found -> new AdapterChoice(found, embeddings, excluded, combination, recipe.lineOf(KEY)));
  }

  /** What an adapter cannot follow. */
  private void checkRecipe(Section recipe) {
    problems.addIf(
        !recipe.has("base_model"),
        recipe.lineOf(KEY),
        "an adapter changes a base, so `kind: adapter` needs `base_model`");
    problems.addIf(
        recipe.has("slices"),
        recipe.lineOf("slices"),
        "`slices` make another model than `base_model`, which an adapter cannot; list `models`");
    for (String key : List.of("tokenizer", "tokenizer_source", "chat_template")) {
      problems.addIf(
          recipe.has(key),
          recipe.lineOf(key),
          "`%s` makes another tokenizer, which an adapter cannot follow; merge to a checkpoint"
              .formatted(key));
    }
  }

  private Embeddings embeddings(Section output) {
    return output
        .choice("embeddings", List.of(Embeddings.values()), Embeddings::word)
        .orElse(Embeddings.WHOLE);
  }

  private List<Pattern> excluded(Section output) {
    List<Pattern> patterns = new ArrayList<>();
    for (Node element : output.has("exclude") ? output.list("exclude") : List.<Node>of()) {
      try {
        if (element instanceof ScalarNode scalar) {
          patterns.add(Pattern.compile(scalar.text()));
          continue;
        }
        problems.add(
            element.line(),
            "an element of `exclude` must be a regular expression, not %s"
                .formatted(element.shown()));
      } catch (PatternSyntaxException e) {
        problems.add(
            element.line(),
            "`%s` is no regular expression: %s".formatted(element.shown(), e.getDescription()));
      }
    }
    return patterns;
  }
}
