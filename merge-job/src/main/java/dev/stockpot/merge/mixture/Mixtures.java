package dev.stockpot.merge.mixture;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Makes mixtures of experts of dense models, as mergekit-moe does: a mixture is a view of them, and
 * who plans and merges sees one model.
 */
public final class Mixtures {
  private final ObjectSource store;
  private final PromptTokens tokenizer;
  private final long seed;

  /**
   * @param seed of noise, and of routers by draws
   */
  public Mixtures(ObjectSource store, long seed) {
    this(store, new LibraryTokens(store), seed);
  }

  /**
   * @param tokenizer of prompts that come without tokens
   */
  Mixtures(ObjectSource store, PromptTokens tokenizer, long seed) {
    this.store = requireNonNull(store, "store is null");
    this.tokenizer = requireNonNull(tokenizer, "tokenizer is null");
    this.seed = seed;
  }

  /**
   * What becomes of the models of a merge.
   *
   * @param models every model that the recipe names
   * @param gates the file of routers' rows, where it names one
   * @throws dev.stockpot.merge.UserException if a mixture is wanted that cannot be made, with all
   *     that is in the way
   */
  public MixturePlan of(Recipe recipe, Map<ModelReference, Model> models, Optional<Model> gates)
      throws IOException {
    if (recipe.mixture().isEmpty()) {
      return MixturePlan.none(models);
    }
    Problems problems = new Problems(recipe.source());
    MixturePlanner planner =
        new MixturePlanner(recipe, recipe.mixture().get(), models, store, problems, seed);
    Optional<MixturePlan> plan = planner.plan(gates, tokenizer);
    problems.throwIfAny();
    return plan.orElseThrow();
  }
}
