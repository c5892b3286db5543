package dev.stockpot.merge.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How much a model changes a layer.
 *
 * @param layer which one, or what lies outside of all
 * @param change norm of the change in units of the base's; empty where the base is zero
 * @param largest the tensor that changes most
 * @param largestChange its change, in units of its own base
 */
public record LayerChange(
    LayerPlace layer, OptionalDouble change, String largest, OptionalDouble largestChange) {

  /** The changes of each layer, for a report of one model. */
  public static List<LayerChange> of(Report report) {
    List<LayerChange> changes = new ArrayList<>();
    String model = report.models().isEmpty() ? "" : report.models().get(0);
    ReportTables.byLayer(report)
        .forEach(
            (layer, tensors) -> {
              ReportTensor most =
                  tensors.stream()
                      .max(Comparator.comparingDouble(tensor -> change(model, tensor).orElse(-1)))
                      .orElseThrow();
              changes.add(
                  new LayerChange(
                      layer,
                      ModelSummary.of(model, tensors).relativeNorm(),
                      most.tensor().name(),
                      change(model, most)));
            });
    return changes;
  }

  private static OptionalDouble change(String model, ReportTensor tensor) {
    return ModelSummary.of(model, List.of(tensor)).relativeNorm();
  }
}
