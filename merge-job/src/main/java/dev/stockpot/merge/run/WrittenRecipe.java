package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.trial.TrialRecipe;
import java.util.Optional;

/**
 * What a recipe says: a merge, or trials of which one is chosen.
 *
 * @param recipe of the merge; of a first candidate where there are trials
 */
record WrittenRecipe(Recipe recipe, Optional<TrialRecipe> trials) {
  static WrittenRecipe of(Recipe recipe) {
    return new WrittenRecipe(recipe, Optional.empty());
  }

  static WrittenRecipe of(TrialRecipe trials) {
    return new WrittenRecipe(trials.example(), Optional.of(trials));
  }

  /**
   * The recipe of a merge.
   *
   * @throws UserException if it asks for trials
   */
  Recipe ofOneMerge() {
    if (trials.isPresent()) {
      throw new UserException(
          "%s makes trials, which is done for one recipe at a time. Merge it by itself"
              .formatted(recipe.source()));
    }
    return recipe;
  }

  /**
   * Its trials.
   *
   * @throws UserException if it asks for none
   */
  TrialRecipe ofTrials() {
    return trials.orElseThrow(
        () ->
            new UserException(
                "%s has none of `soup`, `search` and `path`, so there is nothing to try. Merge it with `stockpot merge`"
                    .formatted(recipe.source())));
  }
}
