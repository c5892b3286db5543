package dev.stockpot.merge.compose;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.CardFacts;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a composition makes.
 *
 * @param table its tensors, in natural order
 * @param leftOut tensors that rules leave out, by model
 * @param notices what a user should know
 */
public record Composed(
    Model model, List<ComposedTensor> table, List<String> leftOut, List<String> notices) {
  public Composed {
    requireNonNull(model, "model is null");
    table = List.copyOf(table);
    leftOut = List.copyOf(leftOut);
    notices = List.copyOf(notices);
  }

  /**
   * What the card says of the models that it was put together of.
   *
   * @param library that loads it
   */
  public static CardFacts card(Map<ModelReference, Model> models, String library) {
    List<CardFacts.Input> inputs = new ArrayList<>();
    models.forEach(
        (name, model) ->
            inputs.add(
                new CardFacts.Input(name.toString(), model.folder(), model.surroundings().card())));
    return CardFacts.of(library, inputs);
  }
}
