package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.extract.AdapterPlan;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Stage;
import java.util.Map;
import java.util.Optional;

/** The adapter that a recipe makes instead of a checkpoint. */
final class AdapterOfRecipe {
  private AdapterOfRecipe() {}

  /**
   * Its plan; nothing for a recipe of a checkpoint.
   *
   * @param merge the plan of the checkpoint
   * @param merges how many are made in one reading
   * @param seed of random drops
   * @throws UserException if none can be made
   */
  static Optional<AdapterPlan> of(
      Recipe recipe, MergePlan merge, Map<ModelReference, Model> models, int merges, long seed) {
    recipe.stages().before().stream()
        .map(Stage::recipe)
        .filter(stage -> stage.adapter().isPresent())
        .findFirst()
        .ifPresent(
            stage -> {
              throw fault(
                  stage,
                  stage.adapter().get().line(),
                  "a stage cannot be an adapter: only the last document has an `output`");
            });
    if (recipe.adapter().isEmpty()) {
      return Optional.empty();
    }
    ModelReference base = recipe.base().orElseThrow(); // the parser asks for it
    if (merges > 1) {
      throw new UserException(
          "%s makes an adapter, which is done for one recipe at a time. Merge it by itself"
              .formatted(recipe.source()));
    }
    if (!base.adapters().isEmpty() || !models.containsKey(base)) {
      throw fault(
          recipe,
          base.line(),
          "the base of an adapter is %s, but must be a model as it is stored, onto which it can be loaded: merge that first, and name its folder"
              .formatted(base));
    }
    return Optional.of(
        AdapterPlan.of(merge, models.get(base), base.path(), recipe.adapter().get(), seed));
  }

  private static UserException fault(Recipe recipe, int line, String what) {
    return new UserException("%s:%s: %s".formatted(recipe.source(), line, what));
  }
}
