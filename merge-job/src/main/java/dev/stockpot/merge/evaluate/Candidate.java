package dev.stockpot.merge.evaluate;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;

/**
 * A model that is to be evaluated.
 *
 * @param id letters and digits, the same for the same bytes
 * @param model where it lies: a folder of this machine, or {@code s3a://…}
 * @param ingredients what it is made of, as the recipe names it, in the recipe's order
 * @param recipe what makes it, as YAML
 * @param seed for evaluators that draw
 * @param budget how many examples it is to be evaluated on; 0 for all
 */
public record Candidate(
    String id, String model, List<String> ingredients, String recipe, long seed, int budget)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** One that is evaluated on everything. */
  public Candidate(String id, String model, List<String> ingredients, String recipe, long seed) {
    this(id, model, ingredients, recipe, seed, 0);
  }

  public Candidate {
    requireNonNull(model, "model is null");
    requireNonNull(recipe, "recipe is null");
    ingredients = List.copyOf(ingredients);
    if (!id.matches("[0-9a-z]+")) {
      throw new IllegalArgumentException("id is %s, must be letters and digits".formatted(id));
    }
  }
}
