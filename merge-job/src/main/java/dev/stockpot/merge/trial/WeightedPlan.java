package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import java.util.List;

/** What is tried are weights of the models, and nothing else. */
sealed interface WeightedPlan extends Plan permits SoupPlan, SwadPlan, PathPlan {

  /** The recipe without its models. */
  MapNode rest();

  /** A linear merge of the ingredients, normalised, in the order of the recipe. */
  @Override
  default Node recipe(Point point, List<String> models) {
    return WeightedModels.recipe(rest(), point, models);
  }

  @Override
  default boolean isOriginal(Point point) {
    return WeightedModels.isOriginal(rest(), point);
  }

  @Override
  default List<Integer> ingredients(Point point, int models) {
    return point.ingredients();
  }

  @Override
  default Candidate.Mix mix(Point point) {
    return new Candidate.Mix(WeightedModels.weights(point), Double.NaN);
  }
}
