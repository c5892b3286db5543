package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.advice.Kinship;
import dev.stockpot.merge.advice.Proposal;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import java.util.List;
import java.util.Optional;

/**
 * Looks at models beside each other, before anything is made of them.
 *
 * @param stockpot on whose Spark it looks
 * @param options whose settings count
 * @param listener hears of what is not compared, and how far it is
 */
public record Comparison(Stockpot stockpot, MergeOptions options, MergeListener listener) {
  public Comparison {
    requireNonNull(stockpot, "stockpot is null");
    requireNonNull(options, "options are null");
    requireNonNull(listener, "listener is null");
  }

  /**
   * Tells how models are related, by their weights alone.
   *
   * @param models two or more
   * @param base that they began at, if it is known; it may be one of them
   * @param isSample whether a bounded number of elements of each tensor is enough
   * @throws dev.stockpot.merge.UserException with all that is wrong with them
   */
  public Kinship kinship(List<String> models, Optional<String> base, boolean isSample) {
    return stockpot.door.look(
        options,
        (places, settings) ->
            new KinshipRun(places, settings, stockpot.engines, listener)
                .run(models, base, isSample));
  }

  /**
   * Tells how the models of a recipe are related, by a sample of their weights as they are stored.
   *
   * @throws dev.stockpot.merge.UserException if the recipe has a fault, names one model alone, or a
   *     model cannot be opened
   */
  public Kinship kinship(MergeRecipe recipe) {
    return stockpot.door.look(
        options,
        (places, settings) -> {
          Recipe written = recipe.read(places.store(), settings.unknownKeys()).recipe();
          Recipe expanded = ExpandedRecipe.of(written, places, List.of());
          List<String> names =
              Planned.references(expanded).stream().map(ModelReference::path).toList();
          if (names.size() < 2) {
            throw new UserException(
                "%s names %s, and two or more can be related; leave out --kinship"
                    .formatted(expanded.source(), names));
          }
          return new KinshipRun(places, settings, stockpot.engines, listener)
              .run(names, expanded.base().map(ModelReference::path), /* isSample= */ true);
        });
  }

  /**
   * Proposes a recipe that can be planned.
   *
   * @param models as a recipe names them
   * @param base that they began at, if it is known
   * @throws dev.stockpot.merge.UserException with what is wrong with them, or why nothing is worth
   *     a merge
   */
  public Proposal advice(List<String> models, Optional<String> base) {
    return stockpot.door.look(
        options,
        (places, settings) ->
            new AdviceRun(places, settings, stockpot.engines, listener).run(models, base));
  }
}
