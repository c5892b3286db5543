package dev.stockpot.merge.predict;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An ensemble as JSON, written and read. */
public final class EnsembleFile {
  /** Its name in a folder of predictions. */
  public static final String NAME = "ensemble.json";

  private static final int FORMAT = 1;

  private EnsembleFile() {}

  /** The tree of one. */
  public static JsonObject of(Ensemble ensemble) {
    List<JsonObject> models = new ArrayList<>();
    for (int model = 0; model < ensemble.models().size(); model++) {
      models.add(
          JsonObject.EMPTY
              .with("name", ensemble.models().get(model))
              .with("weights", numbers(ensemble.weights().ofClasses()[model])));
    }
    JsonObject tree =
        JsonObject.EMPTY
            .with("format", FORMAT)
            .with("by", ensemble.method().word())
            .with("models", models)
            .with("classes", ensemble.classes())
            .with("names", ensemble.names().stream().map(JsonValue::of).toList());
    return tree.with(
        "calibration",
        ensemble.calibration().<JsonValue>map(EnsembleFile::of).orElse(JsonValue.nothing()));
  }

  private static JsonObject of(Calibration calibration) {
    return JsonObject.EMPTY
        .with("scale", numbers(calibration.scale()))
        .with("bias", numbers(calibration.bias()))
        .with(
            "temperature",
            calibration.isTemperature()
                ? JsonValue.of(calibration.temperature())
                : JsonValue.nothing());
  }

  private static List<JsonValue> numbers(double[] numbers) {
    return Arrays.stream(numbers).mapToObj(JsonValue::of).toList();
  }

  /**
   * Reads one.
   *
   * @param source where the text is from
   * @throws UserException if it is none
   */
  public static Ensemble read(String source, String text) {
    try {
      JsonObject tree = Json.parse(text.getBytes(UTF_8)).object().orElse(JsonObject.EMPTY);
      if (tree.whole("format", 0) != FORMAT) {
        throw new UserException(
            "%s is no %s of this version: its format is %s, must be %s"
                .formatted(source, NAME, tree.whole("format", 0), FORMAT));
      }
      return read(source, tree);
    } catch (JsonException e) {
      throw new UserException("%s is no JSON: %s".formatted(source, e.getMessage()), e);
    }
  }

  private static Ensemble read(String source, JsonObject tree) {
    int classes = tree.integer("classes").orElse(0);
    List<String> models = new ArrayList<>();
    List<double[]> weights = new ArrayList<>();
    for (JsonObject model : tree.objects("models")) {
      models.add(model.text("name"));
      weights.add(numbers(source, model, "weights", classes));
    }
    List<String> names =
        tree.list("names").stream().map(JsonValue::text).flatMap(Optional::stream).toList();
    boolean areNamed = names.isEmpty() || names.size() == classes;
    if (classes < 2 || models.isEmpty() || !areNamed) {
      throw new UserException(
          "%s has %s models, %s classes and %s names of these; was it written by `ensemble`?"
              .formatted(source, models.size(), classes, names.size()));
    }
    Optional<Calibration> calibration =
        tree.object("calibration").map(found -> calibration(source, found, classes));
    return new Ensemble(
        Method.of(tree.text("by")),
        models,
        new Weights(weights.toArray(double[][]::new)),
        classes,
        names,
        calibration);
  }

  private static Calibration calibration(String source, JsonObject tree, int classes) {
    double[] scale = numbers(source, tree, "scale", classes);
    double[] bias = numbers(source, tree, "bias", classes);
    boolean isTemperature = scale.length == 1 && scale[0] > 0;
    if (scale.length != bias.length || !(isTemperature || scale.length == classes)) {
      throw new UserException(
          "%s: `calibration` has the scales %s and %s biases, must have one scale over 0 and a bias, or one of each a class"
              .formatted(source, Arrays.toString(scale), bias.length));
    }
    return new Calibration(scale, bias);
  }

  /** One number, or one a class. */
  private static double[] numbers(String source, JsonObject tree, String name, int classes) {
    double[] numbers =
        tree.list(name).stream().mapToDouble(value -> value.number().orElse(Double.NaN)).toArray();
    boolean areAll = Arrays.stream(numbers).allMatch(Double::isFinite);
    if (!areAll || (numbers.length != 1 && numbers.length != classes)) {
      throw new UserException(
          "%s: `%s` has %s numbers, must have one, or one of %s classes, all finite"
              .formatted(source, name, numbers.length, classes));
    }
    return numbers;
  }
}
