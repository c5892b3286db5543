package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.parse;

import dev.stockpot.merge.recipe.ComposeRule.Fresh;
import dev.stockpot.merge.recipe.ComposeRule.Take;
import java.util.ArrayList;
import java.util.List;

/** Rules of compositions as they are read. */
abstract class RecipeComposeCases {
  static final String ONE = "compose:\n  - %s\n";

  static final String NEW = "compose:\n  - {from: a}\n  - {as: w, %s}\n";

  /** Rules by their kinds. */
  static final class Rules implements ComposeRule.Visitor {
    final List<Take> takes = new ArrayList<>();
    final List<Fresh> fresh = new ArrayList<>();

    static Rules of(Recipe recipe) {
      Rules rules = new Rules();
      recipe.composition().orElseThrow().rules().forEach(rule -> rule.accept(rules));
      return rules;
    }

    @Override
    public void take(Take rule) {
      takes.add(rule);
    }

    @Override
    public void fresh(Fresh rule) {
      fresh.add(rule);
    }

    @Override
    public void fit(ComposeRule.Fit rule) {
      throw new AssertionError("no rule here finds a map: " + rule);
    }
  }

  static Take take(String rule) {
    return Rules.of(parse(ONE.formatted(rule))).takes.get(0);
  }

  static Fresh fresh(String keys) {
    return Rules.of(parse(NEW.formatted(keys))).fresh.get(0);
  }
}
