package dev.stockpot.merge.trial;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.recipe.YamlText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the points of a recipe's trials are as models, and by what they are known: equal names,
 * equal bytes. A point is asked for again with every score that is told, so what it is stays known.
 */
final class Candidates {
  private static final int ID_LETTERS = 16;

  private final TrialRecipe trials;
  private final List<String> models;
  private final Kitchen kitchen;
  private final long seed;
  private final Map<Point, Known> known = new HashMap<>();

  /** A point's recipe, and what its score is kept by. */
  private record Known(Kitchen.Order order, String key) {}

  /**
   * The candidates of a recipe.
   *
   * @param models as the recipe names them
   * @param kitchen knows what bytes hang on beside recipes
   * @param seed for evaluators that draw
   */
  Candidates(TrialRecipe trials, List<String> models, Kitchen kitchen, long seed) {
    this.trials = trials;
    this.models = List.copyOf(models);
    this.kitchen = kitchen;
    this.seed = seed;
  }

  Kitchen.Order order(Point point) {
    return known(point).order();
  }

  /** What its score is kept by. */
  String key(Point point) {
    return known(point).key();
  }

  /** What the score that others find is kept by. */
  String key(Point point, Judges others) {
    List<Object> parts = new ArrayList<>(List.of(order(point).id(), seed, "test"));
    parts.addAll(others.identity());
    return name(parts);
  }

  private Known known(Point point) {
    return known.computeIfAbsent(point, this::made);
  }

  private Known made(Point point) {
    String recipe = YamlText.of(trials.plan().recipe(point, models));
    String inputs = kitchen.inputs(recipe);
    List<Object> parts = new ArrayList<>(List.of(recipe, inputs, seed));
    parts.addAll(trials.judges().identity());
    String id = name(List.of(recipe, inputs));
    if (point.budget() > 0) { // on other examples it is another question
      parts.add(point.budget());
      id += "b" + point.budget();
    }
    return new Known(new Kitchen.Order(id, recipe), name(parts));
  }

  /** Whether it has to be merged before it is evaluated. */
  boolean isMade(Point point) {
    return trials.judges().needModel() && !trials.plan().isOriginal(point);
  }

  /** Where the model lies that a point is; nothing where nobody looks at files. */
  String original(Point point, Kitchen kitchen) throws IOException {
    return trials.plan().isOriginal(point) ? kitchen.original(ingredients(point).get(0)) : "";
  }

  /** The candidate, where it lies. */
  Candidate at(String place, Point point) {
    Kitchen.Order order = order(point);
    Candidate.Mix mix = trials.plan().mix(point);
    return new Candidate(
        order.id(), place, ingredients(point), mix, order.recipe(), seed, point.budget());
  }

  private List<String> ingredients(Point point) {
    return trials.plan().ingredients(point, models.size()).stream().map(models::get).toList();
  }

  private static String name(List<?> parts) {
    return Sha256.of(parts).substring(0, ID_LETTERS);
  }
}
