package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.merge.recipe.ParameterLookup;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RoundChoice;
import dev.stockpot.merge.recipe.UnusedValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a recipe says and nothing heeds: filters that match nothing, values that change nothing. It
 * is refused, but for what mergekit takes in silence: of that, a notice tells.
 */
final class Unheeded {
  /** The methods of mergekit 0.1.4, whose recipes are taken unchanged. */
  private static final Set<String> OF_MERGEKIT =
      Set.of(
          "linear",
          "slerp",
          "nuslerp",
          "multislerp",
          "karcher",
          "task_arithmetic",
          "ties",
          "dare_linear",
          "dare_ties",
          "della",
          "della_linear",
          "breadcrumbs",
          "breadcrumbs_ties",
          "model_stock",
          "nearswap",
          "arcee_fusion",
          "passthrough",
          "ram",
          "ramplus_tl",
          "sce");

  private final Recipe recipe;
  private final IdleValues idle;
  private final Set<String> notices = new LinkedHashSet<>();

  Unheeded(Recipe recipe) {
    this.recipe = recipe;
    this.idle = new IdleValues(recipe.method());
  }

  /** Looks at one tensor that is merged. */
  void look(TensorTerms terms, RouteValues values) {
    idle.look(terms, values);
    recipe.method().notice(terms).ifPresent(notices::add);
  }

  /** Notes what is refused, once all tensors were looked at. */
  void report(ParameterLookup lookup, Problems problems) {
    for (UnusedValue unused : lookup.unused()) {
      if (unused.isOverridden()) {
        String what = "`%s` changes nothing here: %s";
        notice(unused.line(), what.formatted(unused.parameter(), unused.reason()));
      } else {
        tell(unused.line(), "of `%s`, %s".formatted(unused.parameter(), unused.reason()), problems);
      }
    }
    for (IdleValues.Idle found : idle.found()) {
      String name = found.given().parameter();
      int line = found.given().line();
      if (recipe.round().isPresent() && name.equals(RoundChoice.PARAMETER)) {
        continue; // its number is said for the sake of the state
      }
      if (found.unless().isPresent()) {
        String what = "`%s` changes nothing here: it counts with %s";
        tell(line, what.formatted(name, found.unless().get()), problems);
      } else { // for these models; others may come
        notice(line, "`%s` changes nothing here".formatted(name));
      }
    }
  }

  private void tell(int line, String what, Problems problems) {
    if (OF_MERGEKIT.contains(recipe.method().name())) {
      notice(line, what);
    } else {
      problems.add(line, what + "; change it, or remove it");
    }
  }

  private void notice(int line, String what) {
    notices.add("%s:%s: %s".formatted(recipe.source(), line, what));
  }

  List<String> notices() {
    return new ArrayList<>(notices);
  }
}
