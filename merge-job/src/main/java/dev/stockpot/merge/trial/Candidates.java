package dev.stockpot.merge.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.recipe.YamlText;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What the points of a recipe's trials are as models, and by what they are known: equal names,
 * equal bytes.
 *
 * @param models as the recipe names them
 * @param inputs what the bytes hang on beside recipes
 * @param seed for evaluators that draw
 */
record Candidates(TrialRecipe trials, List<String> models, String inputs, long seed) {
  private static final int ID_LETTERS = 16;

  Candidates {
    models = List.copyOf(models);
  }

  /** The recipe that makes a point, as YAML. */
  String recipe(Point point) {
    return YamlText.of(trials.plan().recipe(point, models));
  }

  Kitchen.Order order(Point point) {
    String recipe = recipe(point);
    return new Kitchen.Order(hash(List.of(recipe, inputs)), recipe);
  }

  /** What its score is kept by. */
  String key(Point point) {
    List<String> parts = new ArrayList<>(List.of(recipe(point), inputs, String.valueOf(seed)));
    parts.addAll(trials.judges().identity());
    return hash(parts);
  }

  /** Whether it has to be merged before it is evaluated. */
  boolean isMade(Point point) {
    return trials.judges().needModel() && !trials.plan().isOriginal(point);
  }

  /** The model that a point is; nothing where nobody looks at files. */
  String original(Point point) {
    return trials.plan().isOriginal(point) ? ingredients(point).get(0) : "";
  }

  /** The candidate, where it lies. */
  Candidate at(String place, Point point) {
    Kitchen.Order order = order(point);
    return new Candidate(order.id(), place, ingredients(point), order.recipe(), seed);
  }

  private List<String> ingredients(Point point) {
    return trials.plan().ingredients(point, models.size()).stream().map(models::get).toList();
  }

  private static String hash(List<String> parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        digest.update(part.getBytes(UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, ID_LETTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
