package dev.stockpot.merge.align;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.ModelHeaders;

/** Units of models without bytes, by specs of a few lines. */
final class FoundUnits {
  private FoundUnits() {}

  /** A model whose configuration says nothing. */
  static ModelHeaders model() {
    return ModelHeaders.named("m").config("{}");
  }

  static ModelUnits of(ModelHeaders headers, String spec) {
    Model model = headers.open();
    return UnitsFinder.find(
        SpecReader.read("spec.yml", spec), model.tensors(), model.config().tree());
  }

  /** The group of the only units along an axis; "fixed" if no place may change. */
  static String along(ModelUnits units, String tensor, int axis) {
    return units.tensors().get(tensor).axes().get(axis).stream()
        .map(UnitsAlong::group)
        .reduce((one, other) -> one + " + " + other)
        .orElse("fixed");
  }
}
