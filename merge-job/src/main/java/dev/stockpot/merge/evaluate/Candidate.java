package dev.stockpot.merge.evaluate;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;

/**
 * A model that is to be evaluated.
 *
 * @param id letters and digits, the same for the same bytes
 * @param model where it lies: a folder of this machine, or {@code s3a://…}
 * @param ingredients what it is made of, as the recipe names it, in the recipe's order
 * @param mix how much each ingredient counts
 * @param recipe what makes it, as YAML
 * @param seed for evaluators that draw
 * @param budget how many examples it is to be evaluated on; 0 for all
 */
public record Candidate(
    String id,
    String model,
    List<String> ingredients,
    Mix mix,
    String recipe,
    long seed,
    int budget)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * How much ingredients count.
   *
   * @param weights of each, in their order; none where weights are not all there is to it
   * @param t where on a path it lies, from 0 to 1; NaN if there is no path
   */
  public record Mix(List<Double> weights, double t) implements Serializable {
    private static final long serialVersionUID = 1;

    /** Nothing is known but the recipe. */
    public static final Mix UNKNOWN = new Mix(List.of(), Double.NaN);

    public Mix {
      weights = List.copyOf(weights);
    }

    /** Whether all count the same, as far as is known. */
    boolean isEven() {
      return weights.stream().distinct().count() <= 1;
    }
  }

  public Candidate {
    requireNonNull(model, "model is null");
    requireNonNull(mix, "mix is null");
    requireNonNull(recipe, "recipe is null");
    ingredients = List.copyOf(ingredients);
    if (!id.matches("[0-9a-z]+")) {
      throw new IllegalArgumentException("id is %s, must be letters and digits".formatted(id));
    }
  }

  /** The plain mean of its ingredients. */
  public Candidate(String id, String model, List<String> ingredients, String recipe, long seed) {
    this(
        id,
        model,
        ingredients,
        new Mix(Collections.nCopies(ingredients.size(), 1.0), Double.NaN),
        recipe,
        seed,
        /* budget= */ 0);
  }
}
