package dev.stockpot.merge.run;

import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.merge.commit.EarlierRound;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RoundChoice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at the rounds that others go on from, before anything is planned. */
final class RoundsBefore {
  private final Places places;
  private final Problems problems;

  private RoundsBefore(Places places, Problems problems) {
    this.places = places;
    this.problems = problems;
  }

  /**
   * A recipe whose rounds go on from what lies beside their base models, with the numbers that
   * these left.
   *
   * @throws dev.stockpot.merge.UserException if that is of another round, or was made otherwise
   */
  static Recipe checked(Recipe recipe, Places places) throws IOException {
    if (recipe.all().stream().allMatch(one -> one.round().isEmpty())) {
      return recipe;
    }
    Problems problems = new Problems(recipe.source());
    RoundsBefore before = new RoundsBefore(places, problems);
    List<Recipe> all = new ArrayList<>();
    for (Recipe one : recipe.all()) {
      all.add(before.checked(one, recipe));
    }
    problems.throwIfAny();
    Recipe last = all.remove(all.size() - 1);
    return last.with(recipe.stages().with(all));
  }

  private Recipe checked(Recipe one, Recipe whole) throws IOException {
    if (one.round().isEmpty() || one.base().isEmpty()) {
      return one;
    }
    RoundChoice round = one.round().get();
    ModelReference base = one.base().get();
    if (whole.stages().of(base).isPresent()) {
      return one; // which is made on the way to it
    }
    if (round.isFresh()) {
      return one;
    }
    Optional<EarlierRound> earlier = EarlierRound.in(places.store(), places.of(base));
    if (earlier.isEmpty()) {
      problems.addIf(
          round.goesOn() && !states(one).isEmpty(),
          round.line(),
          "round %s of %s goes on from state, and %s has no state/state.json; name the result of round %s as `base_model`, or begin anew with `state: zero`"
              .formatted(round.number(), one.method().name(), base, round.number() - 1));
      return one;
    }
    int number = earlier.get().number();
    problems.addIf(
        number != round.number() - 1,
        round.line(),
        "%s is the result of round %s, so the next is round %s, and this says %s; change `number` or `base_model`, or begin anew with `state: zero`"
            .formatted(base, number, number + 1, round.number()));
    List<String> missing = new ArrayList<>(states(one));
    missing.removeAll(earlier.get().kinds());
    problems.addIf(
        round.goesOn() && !missing.isEmpty(),
        round.line(),
        "round %s was made by %s and left no `%s`, which %s goes on from; go on with that rule, or begin anew with `state: zero`"
            .formatted(
                number,
                earlier.get().strategy(),
                String.join("`, `", missing),
                one.method().name()));
    return carrying(one, earlier.get());
  }

  private static List<String> states(Recipe one) {
    return one.method().sideInputs().stream()
        .filter(input -> input.scope() == Parameter.Scope.MERGE)
        .map(SideInput::name)
        .toList();
  }

  /** Numbers that follow from round to round count over what the recipe began with. */
  private static Recipe carrying(Recipe one, EarlierRound earlier) {
    Recipe next = one;
    for (Map.Entry<String, Double> number : earlier.carried().entrySet()) {
      boolean isKnown =
          one.method().parameters().stream()
              .anyMatch(known -> known.name().equals(number.getKey()));
      next = isKnown ? next.setting(number.getKey(), number.getValue()) : next;
    }
    return next;
  }
}
