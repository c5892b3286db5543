package dev.stockpot.merge.cli;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.run.MergeRecipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What a path is, and who scores its points: a recipe's keys as options. */
final class PathOptions {
  @Option(
      names = "--points",
      paramLabel = "N",
      description = "How many points, both ends included: 25.")
  private Integer points;

  @Option(
      names = "--curve",
      paramLabel = "CURVE",
      description = "bezier or polygon, where there is a model in the middle: bezier.")
  private String curve;

  @Option(
      names = "--command",
      paramLabel = "WORDS",
      description =
          "Command that prints the score of {model}; words in it are separated by blanks.")
  private String command;

  @Option(names = "--http", paramLabel = "URL", description = "Service that scores.")
  private String http;

  @Option(
      names = "--scores",
      paramLabel = "FILE",
      description = "Scores that are known: lines of JSON, with t.")
  private String scores;

  @Option(
      names = "--evaluate",
      paramLabel = "FILE",
      description = "What a recipe has under `evaluate`, in a file of its own.")
  private String evaluate;

  @Option(names = "--metric", description = "Name of the metric in the results.")
  private String metric;

  @Option(
      names = "--results",
      paramLabel = "PATTERN",
      description = "File below {output} that a command writes.")
  private String results;

  @Option(names = "--direction", description = "max or min: whether more is better.")
  private String direction;

  @Option(names = "--parallel", paramLabel = "N", description = "Evaluations at once: 1.")
  private Integer parallel;

  @Option(names = "--timeout", paramLabel = "TIME", description = "Of one evaluation: 1h.")
  private String timeout;

  /** A recipe that says all of it. */
  MergeRecipe ofRecipe(String recipe, CommandLine line) {
    List<String> said = new ArrayList<>(evaluator(line).keySet());
    if (points != null) {
      said.add("points");
    }
    if (curve != null) {
      said.add("curve");
    }
    if (evaluate != null) {
      said.add("evaluate");
    }
    if (!said.isEmpty()) {
      throw new ParameterException(
          line,
          "With one argument, %s is a recipe, which says --%s itself. For a path between models name two"
              .formatted(recipe, said.get(0)));
    }
    return MergeRecipe.at(recipe);
  }

  /**
   * The recipe of a path between models.
   *
   * @param middle null if there is none
   */
  MergeRecipe between(String from, String middle, String to, CommandLine line) {
    List<String> models = new ArrayList<>(List.of(from));
    if (middle != null) {
      models.add(middle);
    }
    models.add(to);
    JsonObject path = JsonObject.EMPTY.with("points", JsonValue.of(points == null ? 25 : points));
    if (curve != null || middle != null) {
      path = path.with("curve", curve == null ? "bezier" : curve);
    }
    Map<String, JsonValue> evaluator = evaluator(line);
    if (evaluator.isEmpty() == (evaluate == null)) {
      throw new ParameterException(
          line,
          evaluate == null
              ? "Who scores the points? Say --command, --http or --scores with --direction, or"
                  + " --evaluate FILE"
              : "--evaluate %s says who scores; leave out --%s"
                  .formatted(evaluate, evaluator.keySet().iterator().next()));
    }
    JsonObject root = JsonObject.EMPTY.with("path", path);
    root =
        evaluate == null
            ? root.with("evaluate", object(evaluator))
            : root.with("evaluate", evaluate);
    root =
        root.with(
            "models", models.stream().map(name -> JsonObject.EMPTY.with("model", name)).toList());
    return MergeRecipe.yaml(JsonWriter.text(JsonStyle.SPACIOUS, root)); // JSON is YAML
  }

  private static JsonObject object(Map<String, JsonValue> fields) {
    JsonObject object = JsonObject.EMPTY;
    for (Map.Entry<String, JsonValue> field : fields.entrySet()) {
      object = object.with(field.getKey(), field.getValue());
    }
    return object;
  }

  /** What `evaluate` of a recipe would have. */
  private Map<String, JsonValue> evaluator(CommandLine line) {
    Map<String, JsonValue> said = new LinkedHashMap<>();
    if (command != null) {
      if (command.contains("'") || command.contains("\"")) {
        throw new ParameterException(
            line,
            "--command %s has quotes in it, and blanks alone part its words. Write its words as a list into a file, command: [...], and name that by --evaluate"
                .formatted(command));
      }
      said.put(
          "command",
          JsonValue.of(Arrays.stream(command.strip().split("\\s+")).map(JsonValue::of).toList()));
    }
    put(said, "http", http);
    put(said, "scores", scores);
    put(said, "metric", metric);
    put(said, "results", results);
    put(said, "direction", direction);
    put(said, "timeout", timeout);
    if (parallel != null) {
      said.put("parallel", JsonValue.of(parallel));
    }
    return said;
  }

  private static void put(Map<String, JsonValue> said, String key, String value) {
    if (value != null) {
      said.put(key, JsonValue.of(value));
    }
  }
}
