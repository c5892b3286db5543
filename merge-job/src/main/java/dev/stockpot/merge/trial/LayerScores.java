package dev.stockpot.merge.trial;

import java.io.IOException;
import java.util.List;

/** Says how much the layers of models matter, as far as their weights tell. */
@FunctionalInterface
public interface LayerScores {
  /** For models of which nothing is asked. */
  LayerScores NONE =
      (model, stack) -> {
        throw new IllegalStateException("nobody knows the weights of " + model);
      };

  /**
   * How unlike each layer is to its neighbours.
   *
   * @param model as the recipe names it
   * @param stack which layers; empty where the model has one stack
   * @return a score for each layer, larger matters more; empty if none can be told
   */
  List<Double> of(String model, String stack) throws IOException;
}
