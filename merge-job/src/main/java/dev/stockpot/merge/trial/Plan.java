package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.recipe.Node;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is tried: a soup of models, a path between them, or values for a recipe's holes. */
sealed interface Plan permits WeightedPlan, LearnedPlan, LoraHubPlan, SearchPlan {

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
  default boolean isOriginal(Point point) {
    return false;
  }

  /** What a point is made of, by places of the models. */
  default List<Integer> ingredients(Point point, int models) {
    return IntStream.range(0, models).boxed().toList();
  }

  /** How much each ingredient of a point counts, where that is all there is to it. */
  default Candidate.Mix mix(Point point) {
    return Candidate.Mix.UNKNOWN;
  }

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
  List<List<Point>> readings(List<Point> wanted);

  /** Those that are made of the same models, in one reading each. */
  static List<List<Point>> byIngredients(List<Point> wanted) {
    return List.copyOf(
        wanted.stream()
            .collect(
                Collectors.groupingBy(
                    Point::ingredients, LinkedHashMap::new, Collectors.toUnmodifiableList()))
            .values());
  }

  /**
   * Where on a path the trial of that number lies, from 0 to 1; nothing if there is no path.
   *
   * @param number from 1, in the order in which scores are heard
   */
  default OptionalDouble placeOf(int number) {
    return OptionalDouble.empty();
  }

  /** What is wrong with a score; nothing if nothing is. */
  default Optional<String> problemWith(Score score) {
    return Optional.empty();
  }

  /** Why nothing was chosen though candidates were scored. */
  default Optional<String> whyNothing() {
    return Optional.empty();
  }

  /** The method by which candidates of a soup are made. */
  default String method() {
    return "linear";
  }

  /** Whether the acceptance of candidates needs standard errors. */
  default boolean needsErrors() {
    return false;
  }

  /** A point in words. */
  String described(Point point, List<String> models);
}
