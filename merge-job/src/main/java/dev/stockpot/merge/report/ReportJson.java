package dev.stockpot.merge.report;

import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.kernels.observe.Figures.Magnitudes;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The numbers of a report as the page reads them, with as many digits as one can see. */
final class ReportJson {
  private static final MathContext DIGITS = new MathContext(5);

  private ReportJson() {}

  /** Text that can stand in an HTML script element: no name in it can end that. */
  static String of(Report report) {
    Report.Heading heading = report.heading();
    JsonObject root =
        JsonObject.EMPTY
            .with("title", heading.title())
            .with("method", heading.method())
            .with("base", heading.base().map(JsonValue::of).orElse(JsonValue.nothing()))
            .with("hasBase", report.hasBase())
            .with("recipe", heading.recipe())
            .with("notices", texts(heading.notices()))
            .with("version", heading.made().version())
            .with("parameters", parameters(heading.made(), ""))
            .with("models", texts(report.models()))
            .with(
                "modelParameters",
                report.models().stream().map(model -> parameters(heading.made(), model)).toList())
            .with("tensors", report.tensors().stream().map(row -> tensor(report, row)).toList())
            .with("histograms", histograms(report))
            .with("trials", heading.trials())
            .with("alternatives", heading.alternatives());
    return ScriptJson.of(root);
  }

  private static JsonValue parameters(Report.Made made, String model) {
    return JsonValue.of(made.parameters().getOrDefault(model, ""));
  }

  private static List<JsonValue> texts(List<String> texts) {
    return texts.stream().map(JsonValue::of).toList();
  }

  private static JsonValue number(OptionalInt number) {
    return number.isPresent() ? JsonValue.of(number.getAsInt()) : JsonValue.nothing();
  }

  private static List<JsonObject> histograms(Report report) {
    List<JsonObject> histograms = new ArrayList<>();
    ReportTables.byLayer(report)
        .forEach(
            (layer, of) -> {
              List<JsonObject> vectors = new ArrayList<>();
              for (int i = 0; i < report.models().size(); i++) {
                int place = i;
                ModelSummary.of(report.models().get(i), of)
                    .magnitudes()
                    .ifPresent(found -> vectors.add(vector(place, found)));
              }
              ModelSummary.resultMagnitudes(of)
                  .ifPresent(found -> vectors.add(vector(report.models().size(), found)));
              histograms.add(
                  JsonObject.EMPTY.with("layer", layer.toString()).with("vectors", vectors));
            });
    return histograms;
  }

  private static JsonObject tensor(Report report, ReportTensor tensor) {
    JsonObject node =
        JsonObject.EMPTY
            .with("name", tensor.tensor().name())
            .with("block", tensor.place().block())
            .with("layer", number(tensor.place().layer()))
            .with("type", tensor.tensor().dtype().name())
            .with("shape", tensor.tensor().shape().toString())
            .with("elements", tensor.tensor().shape().elements());
    if (tensor.updates().isPresent()) {
      LostUpdates updates = tensor.updates().get();
      node = node.with("updated", updates.updated()).with("lost", updates.lost());
    }
    if (tensor.nonFinite().isPresent()) {
      node = node.with("nonfinite", tensor.nonFinite().get().stored());
    }
    return tensor.figures().isPresent()
        ? withFigures(node, report, tensor.models(), tensor.figures().get())
        : node;
  }

  private static JsonObject withFigures(
      JsonObject tensor, Report report, List<String> names, Figures figures) {
    JsonObject node = tensor.with("sampled", figures.sampled());
    node = with(node, "base", figures.baseNorm());
    node = with(node, "conflicts", figures.conflicts());
    if (figures.view().hasResult()) {
      node = with(node, "result", OptionalDouble.of(figures.norm(ModelSummary.result(figures))));
    }
    List<JsonObject> models = new ArrayList<>();
    List<JsonValue> cosines = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      JsonObject model = JsonObject.EMPTY.with("model", report.models().indexOf(names.get(i)));
      model = with(model, "norm", OptionalDouble.of(figures.norm(i)));
      model = with(model, "distance", figures.distance(i));
      models.add(with(model, "kept", figures.kept(i)));
      for (int j = i + 1; j < names.size(); j++) {
        cosines.add(rounded(figures.cosine(i, j)));
      }
    }
    return node.with("models", models).with("cosines", cosines);
  }

  private static JsonObject vector(int vector, Magnitudes found) {
    return JsonObject.EMPTY
        .with("vector", vector)
        .with("zeros", found.zeros())
        .with("first", found.first())
        .with("counts", Arrays.stream(found.counts()).mapToObj(JsonValue::of).toList());
  }

  private static JsonObject with(JsonObject node, String field, OptionalDouble value) {
    return value.isPresent() ? node.with(field, rounded(value)) : node;
  }

  /** What is no number, or none that can be drawn, is left out. */
  private static JsonValue rounded(OptionalDouble value) {
    return value.isPresent() && Double.isFinite(value.getAsDouble())
        ? JsonValue.of(new BigDecimal(value.getAsDouble()).round(DIGITS))
        : JsonValue.nothing();
  }
}
