package dev.stockpot.merge.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.kernels.observe.Magnitudes;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.OptionalDouble;

/** The numbers of a report as the page reads them, with as many digits as one can see. */
final class ReportJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final MathContext DIGITS = new MathContext(5);

  private ReportJson() {}

  /** Text that can stand in an HTML script element: no name in it can end that. */
  static String of(Report report) {
    ObjectNode root = JSON.createObjectNode();
    Report.Heading heading = report.heading();
    root.put("title", heading.title());
    root.put("method", heading.method());
    root.put("base", heading.base().orElse(null));
    root.put("hasBase", report.hasBase());
    root.put("recipe", heading.recipe());
    heading.notices().forEach(root.putArray("notices")::add);
    report.models().forEach(root.putArray("models")::add);
    ArrayNode tensors = root.putArray("tensors");
    report.tensors().forEach(tensor -> tensors.add(tensor(report, tensor)));
    ArrayNode histograms = root.putArray("histograms");
    ReportTables.byLayer(report)
        .forEach(
            (layer, of) -> {
              ObjectNode node = histograms.addObject();
              node.put("layer", layer.toString());
              ArrayNode vectors = node.putArray("vectors");
              for (int i = 0; i < report.models().size(); i++) {
                int place = i;
                ModelSummary.of(report.models().get(i), of)
                    .magnitudes()
                    .ifPresent(found -> add(vectors, place, found));
              }
              ModelSummary.resultMagnitudes(of)
                  .ifPresent(found -> add(vectors, report.models().size(), found));
            });
    try {
      return JSON.writeValueAsString(root)
          .replace("&", "\\u0026")
          .replace("<", "\\u003c")
          .replace(">", "\\u003e");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // a tree in memory can always be written
    }
  }

  private static ObjectNode tensor(Report report, ReportTensor tensor) {
    ObjectNode node = JSON.createObjectNode();
    node.put("name", tensor.tensor().name());
    node.put("block", tensor.place().block());
    node.put(
        "layer", tensor.place().layer().isPresent() ? tensor.place().layer().getAsInt() : null);
    node.put("type", tensor.tensor().dtype().name());
    node.put("shape", tensor.tensor().shape().toString());
    node.put("elements", tensor.tensor().shape().elements());
    tensor
        .updates()
        .ifPresent(updates -> node.put("updated", updates.updated()).put("lost", updates.lost()));
    tensor.figures().ifPresent(figures -> addFigures(node, report, tensor.models(), figures));
    return node;
  }

  private static void addFigures(
      ObjectNode node, Report report, List<String> names, Figures figures) {
    node.put("sampled", figures.sampled());
    put(node, "base", figures.baseNorm());
    put(node, "conflicts", figures.conflicts());
    if (figures.view().hasResult()) {
      put(node, "result", OptionalDouble.of(figures.norm(ModelSummary.result(figures))));
    }
    ArrayNode models = node.putArray("models");
    ArrayNode cosines = node.putArray("cosines");
    for (int i = 0; i < names.size(); i++) {
      ObjectNode model = models.addObject();
      model.put("model", report.models().indexOf(names.get(i)));
      put(model, "norm", OptionalDouble.of(figures.norm(i)));
      put(model, "distance", figures.distance(i));
      put(model, "kept", figures.kept(i));
      for (int j = i + 1; j < names.size(); j++) {
        cosines.add(rounded(figures.cosine(i, j)));
      }
    }
  }

  private static void add(ArrayNode vectors, int vector, Magnitudes found) {
    ObjectNode node = vectors.addObject();
    node.put("vector", vector).put("zeros", found.zeros()).put("first", found.first());
    ArrayNode counts = node.putArray("counts");
    for (long count : found.counts()) {
      counts.add(count);
    }
  }

  private static void put(ObjectNode node, String field, OptionalDouble value) {
    if (value.isPresent()) {
      node.put(field, rounded(value));
    }
  }

  /** What is no number, or none that can be drawn, is left out. */
  private static BigDecimal rounded(OptionalDouble value) {
    return value.isPresent() && Double.isFinite(value.getAsDouble())
        ? new BigDecimal(value.getAsDouble()).round(DIGITS)
        : null;
  }
}
