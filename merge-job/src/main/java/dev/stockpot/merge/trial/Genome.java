package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.Node;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a search varies: places in the unit cube, each of which is a recipe. */
interface Genome {

  /** Where a search begins. */
  Point start();

  /** This genome, begun where the weights of the models say, if it asks for them. */
  default Genome knowing(LayerScores scores) throws IOException {
    return this;
  }

  /** How many values each dimension has; 0 for an interval. */
  List<Integer> counts();

  /** The recipe of a place. */
  Node filled(Point point);

  /** A recipe that names every model, and every layer of them, that any other one names. */
  Node example();

  /** A place in words. */
  String described(Point point);

  /** What is wrong with the models, a clause; nothing if nothing is. */
  Optional<String> problemWith(Ingredients models);
}
