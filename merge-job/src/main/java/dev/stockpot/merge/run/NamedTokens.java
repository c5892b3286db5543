package dev.stockpot.merge.run;

import dev.stockpot.merge.compose.TokenRows;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.vocabulary.Vocabularies;
import java.io.IOException;
import java.util.Map;

/** Tokens of the models that a recipe names. */
record NamedTokens(Vocabularies vocabularies, Map<ModelReference, Model> named)
    implements TokenRows {
  @Override
  public int[] of(ModelReference one, ModelReference other) {
    try {
      return vocabularies.sharedTokens(one, named.get(one), other, named.get(other));
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }

  @Override
  public int[][] pieces(ModelReference one, ModelReference other) {
    try {
      return vocabularies.pieces(one, named.get(one), other, named.get(other));
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }
}
