package dev.stockpot.merge.compose;

import dev.stockpot.merge.recipe.ModelReference;

/** Who knows which tokens two models share, and how the one spells those of the other. */
public interface TokenRows {
  /**
   * For each token of one model, by its id, the id that it has in the other; or -1.
   *
   * @throws dev.stockpot.merge.UserException if one has no tokenizer that can be read
   */
  int[] of(ModelReference one, ModelReference other);

  /**
   * For each token of one model, by its id, the ids of the tokens of the other that spell it.
   *
   * @throws dev.stockpot.merge.UserException if one has no tokenizer that can be read
   */
  int[][] pieces(ModelReference one, ModelReference other);
}
