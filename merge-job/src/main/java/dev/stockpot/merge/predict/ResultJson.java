package dev.stockpot.merge.predict;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/** What was measured, as JSON: for {@code metrics.json}, for pages and for programs. */
public final class ResultJson {
  /** Its name in a folder of predictions. */
  public static final String NAME = "metrics.json";

  private ResultJson() {}

  public static JsonObject of(EnsembleResult result) {
    JsonObject tree =
        JsonObject.EMPTY
            .with("examples", result.examples())
            .with("labelled", result.labelled())
            .with("masked", result.masked())
            .with("ensemble", EnsembleFile.of(result.ensemble()))
            .with("measures", measures(result.measures()));
    List<JsonObject> pairs = new ArrayList<>();
    for (Diversity pair : result.pairs()) {
      pairs.add(
          JsonObject.EMPTY
              .with("first", pair.first())
              .with("second", pair.second())
              .with("disagreement", number(pair.disagreement()))
              .with("q", number(pair.q()))
              .with("correlation", number(pair.correlation())));
    }
    List<JsonObject> alternatives = new ArrayList<>();
    for (EnsembleResult.Alternative one : result.alternatives()) {
      alternatives.add(
          JsonObject.EMPTY
              .with("what", one.what())
              .with("name", one.measures().name())
              .with("models", one.models()));
    }
    return tree.with("pairs", pairs)
        .with("alternatives", alternatives)
        .with("notices", result.notices().stream().map(JsonValue::of).toList());
  }

  public static JsonObject of(TeachResult result) {
    List<JsonObject> teachers = new ArrayList<>();
    for (TeachResult.Teacher teacher : result.teachers()) {
      teachers.add(
          JsonObject.EMPTY
              .with("name", teacher.name())
              .with("examples", teacher.examples())
              .with("entropy", number(teacher.entropy()))
              .with("agreement", number(teacher.agreement()))
              .with("divergence", number(teacher.distance())));
    }
    return JsonObject.EMPTY
        .with("examples", result.examples())
        .with("classes", result.classes())
        .with("temperature", JsonValue.of(result.temperature()))
        .with("alike", number(result.alike()))
        .with("entropy", number(result.entropy()))
        .with("kept", number(result.kept()))
        .with("histogram", result.histogram().stream().map(JsonValue::of).toList())
        .with("teachers", teachers)
        .with("notices", result.notices().stream().map(JsonValue::of).toList());
  }

  static List<JsonObject> measures(List<Measures> measures) {
    return measures.stream().map(ResultJson::of).toList();
  }

  private static JsonObject of(Measures measures) {
    JsonObject tree =
        JsonObject.EMPTY
            .with("name", measures.name())
            .with("examples", measures.examples())
            .with("accuracy", number(measures.accuracy()))
            .with("nll", number(measures.nll()))
            .with("brier", number(measures.brier()))
            .with("ece", number(measures.ece()))
            .with("ece_mass", number(measures.eceMass()));
    List<JsonObject> bins = new ArrayList<>();
    for (Measures.Bin bin : measures.bins()) {
      bins.add(
          JsonObject.EMPTY
              .with("examples", bin.examples())
              .with("accuracy", number(bin.accuracy()))
              .with("confidence", number(bin.confidence())));
    }
    JsonObject intervals = JsonObject.EMPTY;
    for (Measures.Interval interval : measures.intervals()) {
      intervals =
          intervals.with(
              interval.measure(), List.of(number(interval.low()), number(interval.high())));
    }
    return tree.with("bins", bins).with("intervals", intervals);
  }

  /** Programs other than Python read no NaN: a share of nothing is null. */
  static JsonValue number(double number) {
    return Double.isFinite(number) ? JsonValue.of(number) : JsonValue.nothing();
  }
}
