package dev.stockpot.merge.commit;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.json.JsonObject;
import java.util.List;

/**
 * How a recipe was chosen.
 *
 * @param recipe that asked for trials, as it was written
 * @param inputs digest of what the bytes of candidates hang on beside their recipes
 * @param trials every candidate in order, with its scores
 */
public record ChosenBy(String recipe, String inputs, List<JsonObject> trials) {
  public ChosenBy {
    requireNonNull(recipe, "recipe is null");
    requireNonNull(inputs, "inputs are null");
    trials = List.copyOf(trials);
  }

  /** As a manifest has it. */
  JsonObject json() {
    return JsonObject.EMPTY.with("recipe", recipe).with("inputs", inputs).with("trials", trials);
  }
}
