package dev.stockpot.merge.plan;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.CardFacts;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.output.Companion.Copied;
import dev.stockpot.merge.output.Companion.Retyped;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.output.Library;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an output holds beside its tensors: the configuration's edits, and what is carried along.
 */
record PlannedFolder(
    Optional<DType> dtype,
    boolean isDequantised,
    boolean isFloat8Gone,
    boolean isUntied,
    Map<ModelReference, Model> models) {

  /**
   * The folder.
   *
   * @param keys of the configuration that follow the layers, where any does
   * @param donor whose configuration and companions it gets
   */
  OutputFolder of(OutputLayout layout, Optional<ConfigEdit> keys, Model donor) {
    List<ConfigEdit> edits = new ArrayList<>();
    dtype.map(ConfigEdit::type).ifPresent(edits::add);
    if (isDequantised) {
      edits.add(ConfigEdit.withoutCodes(dtype.orElse(DType.BF16)));
    } else if (isFloat8Gone) {
      edits.add(ConfigEdit.withoutFloat8(dtype.orElse(DType.BF16)));
    }
    keys.ifPresent(edits::add);
    if (isUntied) {
      edits.add(ConfigEdit.untied());
    }
    List<Companion> companions = new ArrayList<>();
    Model left = isDequantised ? donor.withoutQuantisers() : donor;
    Set<String> configs = configsOfParts(donor);
    left.companions()
        .forEach(
            (name, file) ->
                companions.add(
                    dtype.isPresent() && configs.contains(name)
                        ? new Retyped(name, file, dtype.get())
                        : new Copied(name, file)));
    return new OutputFolder(
        layout, edits, companions, card(donor), donor.surroundings().leftBehind());
  }

  private static Set<String> configsOfParts(Model donor) {
    return donor.surroundings().parts().weights().keySet().stream()
        .map(folder -> folder + "/config.json")
        .collect(Collectors.toSet());
  }

  private CardFacts card(Model donor) {
    List<CardFacts.Input> inputs = new ArrayList<>();
    models.forEach(
        (name, model) ->
            inputs.add(
                new CardFacts.Input(name.toString(), model.folder(), model.surroundings().card())));
    return CardFacts.of(
        Library.of(donor.config().tree(), donor.companions().keySet()).word(), inputs);
  }
}
