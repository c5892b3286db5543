package dev.stockpot.merge.mixture;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.CardFacts;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of the models of a merge where a mixture is made of them: one model, under the name
 * of its base. Of other merges nothing does.
 *
 * @param models as they are merged
 * @param edits of the base's configuration
 * @param type that all tensors have where the recipe names none
 * @param card of the output; empty if it is that of the models
 * @param notices what a user should know, though nothing is wrong
 */
public record MixturePlan(
    Map<ModelReference, Model> models,
    List<ConfigEdit> edits,
    Optional<DType> type,
    Optional<CardFacts> card,
    List<String> notices) {
  public MixturePlan {
    models = new LinkedHashMap<>(models);
    edits = List.copyOf(edits);
    requireNonNull(type, "type is null");
    requireNonNull(card, "card is null");
    notices = List.copyOf(notices);
  }

  /** Models that stay what they are. */
  static MixturePlan none(Map<ModelReference, Model> models) {
    return new MixturePlan(models, List.of(), Optional.empty(), Optional.empty(), List.of());
  }

  /** What lies beside the tensors of the output. */
  public OutputFolder applied(OutputFolder folder) {
    if (edits.isEmpty() && card.isEmpty()) {
      return folder;
    }
    List<ConfigEdit> all = new ArrayList<>(folder.edits());
    all.addAll(edits);
    return new OutputFolder(
        folder.layout(),
        all,
        folder.companions(),
        card.orElse(folder.card()),
        folder.leftBehind());
  }
}
