package dev.stockpot.merge.compose;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.Model;
import java.util.List;

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
}
