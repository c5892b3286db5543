package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a recipe that takes experts out of a mixture: {@code expert} or {@code keep_experts}. */
final class TakenReader {
  private static final String ONE = "expert";
  private static final String SEVERAL = "keep_experts";
  private static final String SHARED = "shared";

  private static final Section.Keys TAKEN =
      new Section.Keys(
          "a recipe that takes experts out of a mixture",
          List.of("base_model", ONE, SEVERAL, "dtype", "out_dtype"),
          Map.of(),
          Map.of("name", "says what a stage is called, and there is only one"),
          Optional.empty());

  private final StrayWords words;
  private final Problems problems;

  TakenReader(StrayWords words) {
    this.words = words;
    this.problems = words.problems();
  }

  /** Whether a mapping is such a recipe. */
  static boolean isOne(MapNode map) {
    return map.entry("merge_method").isEmpty()
        && (map.entry(ONE).isPresent() || map.entry(SEVERAL).isPresent());
  }

  /** What is taken; nothing if something is wrong with it, which is a problem then. */
  Optional<MixtureReader.Read> read(MapNode map) {
    int before = problems.count();
    Section recipe = new Section(map, TAKEN, words);
    problems.addIf(
        !recipe.has("base_model"),
        recipe.line(),
        "`base_model` is missing: the mixture whose experts are taken");
    Optional<ModelReference> base = new ModelReader(words).base(recipe);
    problems.addIf(
        recipe.has(ONE) && recipe.has(SEVERAL),
        recipe.lineOf(SEVERAL),
        "`expert` makes a dense model and `keep_experts` a mixture; keep one of them");
    Optional<ExpertChoice> choice = recipe.has(ONE) ? one(recipe) : several(recipe);
    Optional<MixtureReader.Read> read =
        base.flatMap(
            mixture ->
                choice.map(
                    taken ->
                        new MixtureReader.Read(
                            mixture,
                            Optional.empty(),
                            Optional.of(taken),
                            DTypeWord.of(recipe, "dtype", problems),
                            DTypeWord.of(recipe, "out_dtype", problems),
                            recipe.line())));
    return read.filter(any -> problems.count() == before);
  }

  private Optional<ExpertChoice> one(Section recipe) {
    int line = recipe.lineOf(ONE);
    Optional<String> word = recipe.word(ONE);
    if (word.equals(Optional.of(SHARED))) {
      return Optional.of(new ExpertChoice(List.of(), true, true, line));
    }
    Optional<Integer> number = word.flatMap(TakenReader::number);
    problems.addIf(
        word.isPresent() && number.isEmpty(),
        line,
        "`expert` is %s, must be the number of an expert, counted from 0, or `shared`"
            .formatted(word.orElse("")));
    return number.map(expert -> new ExpertChoice(List.of(expert), true, false, line));
  }

  private Optional<ExpertChoice> several(Section recipe) {
    int line = recipe.lineOf(SEVERAL);
    int before = problems.count();
    List<Integer> experts = new ArrayList<>();
    for (Node node : recipe.list(SEVERAL)) {
      Optional<Integer> number =
          node instanceof ScalarNode scalar ? number(scalar.text()) : Optional.empty();
      problems.addIf(
          number.isEmpty(),
          node.line(),
          "an element of `keep_experts` is %s, must be the number of an expert, counted from 0"
              .formatted(node.shown()));
      problems.addIf(
          number.filter(experts::contains).isPresent(),
          node.line(),
          "expert %s is kept twice, and each token would find both or none; keep it once"
              .formatted(node.shown()));
      number.ifPresent(experts::add);
    }
    problems.addIf(
        experts.isEmpty() && problems.count() == before,
        line,
        "no expert is named; `keep_experts: [0, 2]` names those that stay, counted from 0, `expert:"
            + " 2` one");
    return experts.isEmpty()
        ? Optional.empty()
        : Optional.of(new ExpertChoice(experts, false, false, line));
  }

  private static Optional<Integer> number(String text) {
    return text.matches("\\d{1,6}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }
}
