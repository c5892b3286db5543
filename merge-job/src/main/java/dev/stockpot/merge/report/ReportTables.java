package dev.stockpot.merge.report;

import static dev.stockpot.merge.report.Table.Type.INTEGER;
import static dev.stockpot.merge.report.Table.Type.LONG;
import static dev.stockpot.merge.report.Table.Type.REAL;
import static dev.stockpot.merge.report.Table.Type.TEXT;

import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.kernels.observe.Figures.Magnitudes;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.report.Table.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The numbers of a report, one fact a row. Norms are those of task vectors, or of the tensors
 * themselves where there is no base.
 */
final class ReportTables {
  private static final Column TENSOR = new Column("tensor", TEXT);
  private static final Column LAYER = new Column("layer", INTEGER);
  private static final Column STACK = new Column("stack", TEXT);
  private static final Column BLOCK = new Column("block", TEXT);
  private static final Column MODEL = new Column("model", TEXT);
  private static final Column ELEMENTS = new Column("elements", LONG);
  private static final Column NORM = new Column("norm", REAL);
  private static final Column RELATIVE_NORM = new Column("relative_norm", REAL);
  private static final Column COSINE = new Column("cosine_to_result", REAL);
  private static final Column DISTANCE = new Column("distance_to_result", REAL);
  private static final Column KEPT = new Column("kept", REAL);
  private static final Column CONFLICTS = new Column("sign_conflicts", REAL);
  private static final Column LOST_SHARE = new Column("lost_share", REAL);

  private ReportTables() {}

  /** All of them, by name. */
  static Map<String, Table> of(Report report) {
    Map<String, Table> tables = new LinkedHashMap<>();
    if (!report.tensors().isEmpty() || report.heading().trials().isEmpty()) {
      tables.put("tensors", tensors(report));
      tables.put("models", models(report));
      tables.put("cosines", cosines(report));
      tables.put("layers", layers(report));
      tables.put("histogram", histogram(report));
    }
    if (!report.heading().trials().isEmpty()) {
      tables.put("trials", TrialsTable.of(report.heading().trials()));
    }
    return tables;
  }

  private static Table tensors(Report report) {
    Table table =
        new Table(
            TENSOR,
            LAYER,
            BLOCK,
            new Column("dtype", TEXT),
            new Column("shape", TEXT),
            ELEMENTS,
            new Column("sampled", LONG),
            new Column("base_norm", REAL),
            new Column("result_norm", REAL),
            CONFLICTS,
            new Column("updated", LONG),
            new Column("lost", LONG),
            LOST_SHARE,
            new Column("narrowed", LONG),
            new Column("carried", LONG),
            new Column("made", LONG),
            new Column("overflowed", LONG));
    for (ReportTensor row : report.tensors()) {
      Optional<Figures> figures = row.figures();
      table.add(
          row.tensor().name(),
          row.place().layer(),
          row.place().block(),
          row.tensor().dtype().name(),
          row.tensor().shape().toString(),
          row.tensor().shape().elements(),
          figures.map(Figures::sampled).orElse(0L),
          figures.map(Figures::baseNorm).orElse(OptionalDouble.empty()),
          figures
              .filter(seen -> seen.view().hasResult())
              .map(seen -> seen.norm(ModelSummary.result(seen)))
              .orElse(null),
          figures.map(Figures::conflicts).orElse(OptionalDouble.empty()),
          row.updates().map(LostUpdates::updated).orElse(null),
          row.updates().map(LostUpdates::lost).orElse(null),
          lostShare(List.of(row)),
          broken(row, NonFinite::narrowed),
          broken(row, NonFinite::carried),
          broken(row, NonFinite::made),
          broken(row, NonFinite::overflowed));
    }
    return table;
  }

  private static long broken(ReportTensor row, ToLongFunction<NonFinite> count) {
    return count.applyAsLong(row.nonFinite().orElse(NonFinite.NONE));
  }

  private static Table models(Report report) {
    Table table =
        new Table(TENSOR, LAYER, BLOCK, MODEL, NORM, RELATIVE_NORM, COSINE, DISTANCE, KEPT);
    for (ReportTensor row : report.tensors()) {
      for (String model : row.models()) {
        ModelSummary seen = ModelSummary.of(model, List.of(row));
        table.add(
            row.tensor().name(),
            row.place().layer(),
            row.place().block(),
            model,
            seen.norm(),
            seen.relativeNorm(),
            seen.cosineToResult(),
            seen.distance(),
            seen.kept());
      }
    }
    return table;
  }

  private static Table cosines(Report report) {
    Table table =
        new Table(
            TENSOR, LAYER, BLOCK, MODEL, new Column("other", TEXT), new Column("cosine", REAL));
    for (ReportTensor row : report.tensors()) {
      for (int a = 0; a < row.models().size(); a++) {
        for (int b = a + 1; b < row.models().size(); b++) {
          table.add(
              row.tensor().name(),
              row.place().layer(),
              row.place().block(),
              row.models().get(a),
              row.models().get(b),
              row.figures().orElseThrow().cosine(a, b));
        }
      }
    }
    return table;
  }

  private static Table layers(Report report) {
    Table table =
        new Table(
            LAYER,
            STACK,
            MODEL,
            ELEMENTS,
            NORM,
            RELATIVE_NORM,
            COSINE,
            DISTANCE,
            KEPT,
            CONFLICTS,
            LOST_SHARE);
    byLayer(report)
        .forEach(
            (layer, tensors) -> {
              for (String model : report.models()) {
                List<ReportTensor> of =
                    tensors.stream().filter(row -> row.models().contains(model)).toList();
                if (!of.isEmpty()) {
                  ModelSummary seen = ModelSummary.of(model, of);
                  table.add(
                      layer.layer(),
                      stack(layer),
                      model,
                      of.stream().mapToLong(row -> row.tensor().shape().elements()).sum(),
                      seen.norm(),
                      seen.relativeNorm(),
                      seen.cosineToResult(),
                      seen.distance(),
                      seen.kept(),
                      conflicts(of),
                      lostShare(of));
                }
              }
            });
    return table;
  }

  private static Table histogram(Report report) {
    Table table =
        new Table(
            LAYER,
            STACK,
            new Column("vector", TEXT),
            MODEL,
            new Column("exponent", INTEGER),
            new Column("sampled", LONG));
    byLayer(report)
        .forEach(
            (layer, tensors) -> {
              for (String model : report.models()) {
                ModelSummary.of(model, tensors)
                    .magnitudes()
                    .ifPresent(found -> add(table, layer, "model", model, found));
              }
              ModelSummary.resultMagnitudes(tensors)
                  .ifPresent(found -> add(table, layer, "result", null, found));
            });
    return table;
  }

  private static void add(
      Table table, LayerPlace layer, String vector, String model, Magnitudes found) {
    if (found.zeros() > 0) {
      table.add(layer.layer(), stack(layer), vector, model, null, found.zeros());
    }
    for (int i = 0; i < found.counts().length; i++) {
      if (found.counts()[i] > 0) {
        table.add(layer.layer(), stack(layer), vector, model, found.first() + i, found.counts()[i]);
      }
    }
  }

  private static String stack(LayerPlace layer) {
    return layer.stack().isEmpty() ? null : layer.stack();
  }

  /** The tensors of each layer of each stack, first those outside the layers. */
  static Map<LayerPlace, List<ReportTensor>> byLayer(Report report) {
    Map<LayerPlace, List<ReportTensor>> layers = new TreeMap<>(LayerPlace.ORDER);
    for (ReportTensor tensor : report.tensors()) {
      layers.computeIfAbsent(tensor.place().layerPlace(), any -> new ArrayList<>()).add(tensor);
    }
    return layers;
  }

  /** The share of the tensors' elements that two models change in opposite directions. */
  static OptionalDouble conflicts(List<ReportTensor> tensors) {
    double conflicts = 0;
    long elements = 0;
    for (ReportTensor tensor : tensors) {
      if (tensor.figures().isPresent() && tensor.figures().get().conflicts().isPresent()) {
        Figures figures = tensor.figures().get();
        conflicts += figures.conflicts().getAsDouble() * figures.elements();
        elements += figures.elements();
      }
    }
    return elements > 0 ? OptionalDouble.of(conflicts / elements) : OptionalDouble.empty();
  }

  /** The share of the updates that rounding lost; empty if there are none. */
  static OptionalDouble lostShare(List<ReportTensor> tensors) {
    LostUpdates all =
        tensors.stream()
            .flatMap(tensor -> tensor.updates().stream())
            .reduce(LostUpdates.NONE, LostUpdates::plus);
    return all.updated() > 0
        ? OptionalDouble.of((double) all.lost() / all.updated())
        : OptionalDouble.empty();
  }
}
