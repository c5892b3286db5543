package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.Node;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What is tried: a soup of models, or values for a recipe's holes. */
sealed interface Plan permits SoupPlan, LearnedPlan, SearchPlan {

  /**
   * Who chooses.
   *
   * @param models that the recipe lists, patterns expanded
   */
  Chooser chooser(int models);

  /** This plan, begun where the weights of the models say, if it asks for them. */
  default Plan knowing(LayerScores scores) throws IOException {
    return this;
  }

  /** The recipe that makes a point. */
  Node recipe(Point point, List<String> models);

  /** Whether a point is one of the models as it is, which needs no merge. */
  boolean isOriginal(Point point);

  /** What a point is made of, by places of the models. */
  List<Integer> ingredients(Point point, int models);

  /** How many evaluations there will be at most. */
  long evaluations(int models);

  /** How many candidates are made in one reading of the models, at most. */
  long generation(int models);

  /** What is wrong with the models, a clause; nothing if nothing is. */
  default Optional<String> problemWith(Ingredients models) {
    return Optional.empty();
  }

  /**
   * How many candidates are made before the first of them is scored.
   *
   * @param parallel evaluations at once
   * @param room for candidates
   */
  default int ahead(int parallel, int room) {
    return room;
  }

  /** Whether candidates are evaluated on so many examples, and not on all. */
  default boolean saysBudgets() {
    return false;
  }

  /** What is made in one reading of the models each, in the order in which it is wanted. */
  <T> List<List<T>> readings(List<T> wanted);

  /** Whether the acceptance of candidates needs standard errors. */
  default boolean needsErrors() {
    return false;
  }

  /** A point in words. */
  String described(Point point, List<String> models);
}
