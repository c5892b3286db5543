package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The classes of several models as rows of one head.
 *
 * @param labels of each model, in the order of its rows
 * @param areShared whether classes of one name are one
 */
record LabelRows(Map<ModelReference, List<String>> labels, boolean areShared) {
  /** A row of a head. */
  private record Row(ModelReference model, int place) {}

  LabelRows {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /** Each class of the result, and the rows that it is the mean of. */
  private Map<String, List<Row>> rows() {
    Set<String> twice = new LinkedHashSet<>();
    Set<String> seen = new LinkedHashSet<>();
    for (List<String> names : labels.values()) {
      names.stream().filter(name -> !seen.add(name)).forEach(twice::add);
    }
    Map<String, List<Row>> rows = new LinkedHashMap<>();
    labels.forEach(
        (model, names) -> {
          for (int place = 0; place < names.size(); place++) {
            String name = names.get(place);
            boolean isApart = !areShared && twice.contains(name);
            String called = isApart ? "%s (%s)".formatted(name, model) : name;
            while (!areShared && rows.containsKey(called)) { // as the result of such a merge has it
              called = "%s (%s)".formatted(called, model);
            }
            rows.computeIfAbsent(called, any -> new ArrayList<>()).add(new Row(model, place));
          }
        });
    return rows;
  }

  /** The classes of the result, in order. */
  List<String> merged() {
    return List.copyOf(rows().keySet());
  }

  /** What becomes of the configuration. */
  Map<String, JsonValue> values() {
    JsonObject byNumber = JsonObject.EMPTY;
    JsonObject byName = JsonObject.EMPTY;
    List<String> names = merged();
    for (int i = 0; i < names.size(); i++) {
      byNumber = byNumber.with(String.valueOf(i), names.get(i));
      byName = byName.with(names.get(i), i);
    }
    Map<String, JsonValue> values = new LinkedHashMap<>();
    values.put(ModelLabels.KEY, byNumber);
    values.put("label2id", byName);
    return values;
  }

  /**
   * The head of all classes.
   *
   * @param heads of each model, of as many rows as it has classes
   */
  TensorSource of(String tensor, Map<ModelReference, TensorSource> heads) {
    boolean isOneType = heads.values().stream().map(TensorSource::dtype).distinct().count() == 1;
    boolean isMean = rows().values().stream().anyMatch(rows -> rows.size() > 1);
    boolean isWide = isMean || !isOneType;
    List<TensorSource> parts = new ArrayList<>();
    List<List<Row>> run = new ArrayList<>();
    for (List<Row> rows : rows().values()) {
      if (!run.isEmpty() && !follows(run.get(run.size() - 1), rows)) {
        parts.add(part(tensor, heads, run, isWide));
        run.clear();
      }
      run.add(rows);
    }
    parts.add(part(tensor, heads, run, isWide));
    return parts.size() == 1 ? parts.get(0) : TensorSource.joined(parts, 0);
  }

  private static boolean follows(List<Row> before, List<Row> rows) {
    if (before.size() != rows.size()) {
      return false;
    }
    for (int i = 0; i < rows.size(); i++) {
      boolean isNext =
          rows.get(i).model().equals(before.get(i).model())
              && rows.get(i).place() == before.get(i).place() + 1;
      if (!isNext) {
        return false;
      }
    }
    return true;
  }

  /** Rows that follow each other in all models that they are of. */
  private static TensorSource part(
      String tensor, Map<ModelReference, TensorSource> heads, List<List<Row>> run, boolean isWide) {
    List<TensorSource> sections = new ArrayList<>();
    for (Row row : run.get(0)) {
      TensorSource head = heads.get(row.model());
      TensorSource section = head.section(0, row.place(), row.place() + (long) run.size());
      sections.add(isWide && run.get(0).size() == 1 ? section.as(DType.F32) : section);
    }
    return sections.size() == 1 ? sections.get(0) : mean(tensor, sections);
  }

  private static Made mean(String tensor, List<TensorSource> sections) {
    Shape shape = sections.get(0).shape();
    List<ParameterValues> values = Collections.nCopies(sections.size(), ParameterValues.NONE);
    return new Made(
        tensor,
        DType.F32,
        shape,
        sections,
        MergeMethods.named("uniform_soup")
            .orElseThrow()
            .program(
                new TensorTerms(
                    tensor, shape, 0, values, OptionalInt.empty(), ParameterValues.NONE, 0)),
        Rounding.NEAREST,
        "mean by class");
  }
}
