package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.advice.Kinship;
import dev.stockpot.merge.advice.Proposal;
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
