package dev.stockpot.merge.recipe;

import dev.stockpot.merge.recipe.Combination.Rule;
import dev.stockpot.merge.recipe.Combination.Space;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads how adapters become one: {@code combination_type} and what belongs to it. */
final class CombinationReader {
  private static final String TYPE = "combination_type";
  private static final String DENSITY = "density";
  private static final String SIGNS = "majority_sign_method";
  private static final String SPACE = "space";
  private static final String METHOD = "task_arithmetic";
  private static final List<String> SIGN_METHODS = List.of("total", "frequency");

  /** Words of PEFT for rules on the thin matrices themselves, whose product has cross terms. */
  private static final List<String> ON_FACTORS =
      List.of("ties", "dare_linear", "dare_ties", "magnitude_prune");

  private final Problems problems;

  CombinationReader(StrayWords words) {
    this.problems = words.problems();
  }

  /** The combination; nothing if there is none, or it is wrong. */
  Optional<Combination> read(Section output, Section recipe) {
    if (!output.has(TYPE)) {
      for (String key : List.of("svd_rank", DENSITY, SIGNS, SPACE)) {
        problems.addIf(
            output.has(key),
            output.lineOf(key),
            "`%s` belongs to `combination_type`, which is not there".formatted(key));
      }
      return Optional.empty();
    }
    Optional<Rule> rule = rule(output);
    Optional<String> method = recipe.word("merge_method");
    problems.addIf(
        method.isPresent() && !method.get().equals(METHOD),
        output.lineOf(TYPE),
        "`combination_type` takes the weights of `merge_method: task_arithmetic`, not of %s"
            .formatted(method.orElse("")));
    if (rule.isEmpty()) {
      return Optional.empty();
    }
    Optional<Double> density = density(output, rule.get());
    return density.map(
        found -> new Combination(rule.get(), space(output, rule.get()), found, signs(output)));
  }

  private Optional<Rule> rule(Section output) {
    Optional<String> word = output.word(TYPE);
    Optional<Rule> rule = word.flatMap(Rule::of);
    problems.addIf(
        word.isPresent() && ON_FACTORS.contains(word.get()),
        output.lineOf(TYPE),
        "`combination_type` is %s, which looks at elements of the factors, where they mean nothing: write `%s_svd`"
            .formatted(word.orElse(""), word.orElse("")));
    problems.addIf(
        word.isPresent() && rule.isEmpty() && !ON_FACTORS.contains(word.get()),
        output.lineOf(TYPE),
        "`combination_type` is %s, must be one of %s"
            .formatted(word.orElse(""), Suggestion.quoted(Rule.words())));
    problems.addIf(
        rule.filter(Rule::keepsFactors).isPresent()
            && (output.has("rank")
                || output.has("svd_rank")
                || output.has("energy")
                || output.has("error")
                || output.has("threshold")),
        output.lineOf(TYPE),
        "`combination_type: %s` keeps the factors of the adapters, and so has a rank already; leave the rank away, or write `svd`"
            .formatted(word.orElse("")));
    return rule;
  }

  private Optional<Double> density(Section output, Rule rule) {
    if (!rule.thins()) {
      problems.addIf(
          output.has(DENSITY),
          output.lineOf(DENSITY),
          "`density` has no effect with `combination_type: %s`; remove the line"
              .formatted(rule.word()));
      return Optional.of(1.0);
    }
    Optional<Node> value = output.value(DENSITY);
    Optional<Double> density =
        value
            .flatMap(node -> node instanceof ScalarNode scalar ? scalar.number() : Optional.empty())
            .filter(number -> number > 0 && number <= 1);
    problems.addIf(
        density.isEmpty(),
        output.lineOf(DENSITY),
        "`density` is %s, must be a number above 0 and at most 1 for %s"
            .formatted(value.map(Node::shown).orElse("missing"), rule.word()));
    return density;
  }

  private boolean signs(Section output) {
    return output
        .choice(SIGNS, SIGN_METHODS, Function.identity())
        .filter("frequency"::equals)
        .isPresent();
  }

  private Space space(Section output, Rule rule) {
    Optional<Space> space = output.choice(SPACE, List.of(Space.values()), Space::word);
    problems.addIf(
        output.has(SPACE) && rule.keepsFactors(),
        output.lineOf(SPACE),
        "`space` has no effect with `combination_type: %s`; remove the line"
            .formatted(rule.word()));
    return space.orElse(Space.DENSE);
  }
}
