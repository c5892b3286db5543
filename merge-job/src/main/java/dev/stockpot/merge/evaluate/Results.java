package dev.stockpot.merge.evaluate;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Reads what evaluators write: a number, flat JSON, CSV, and the result files of
 * lm-evaluation-harness and lighteval. Names of what a task measured are {@code task:metric}.
 */
final class Results {
  /** The name of a number that came without one. */
  static final String ONLY = "score";

  /** The end of the names of standard errors. */
  static final String ERROR = "_stderr";

  private static final int SHOWN = 80;
  private static final Pattern NO_NUMBER = Pattern.compile("(?i)[-+]?(nan|inf|infinity)");

  private Results() {}

  /**
   * The last line of what a command printed: a number, or JSON.
   *
   * @throws EvaluationException if it is neither, or there is none
   */
  static Map<String, Measure> ofLastLine(String printed) throws EvaluationException {
    List<String> lines = printed.lines().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty()) {
      throw new EvaluationException(
          "it printed nothing; its last line must be a number or JSON, or name a file by"
              + " `results`");
    }
    String last = lines.get(lines.size() - 1).strip();
    if (last.startsWith("{")) {
      return ofJson(last);
    }
    return Map.of(ONLY, Measure.of(number(last, "the last line that it printed")));
  }

  /**
   * What somebody tells: a number, or JSON.
   *
   * @throws EvaluationException if it is neither
   */
  static Map<String, Measure> told(String text) throws EvaluationException {
    return whole(text, "what is told");
  }

  /**
   * What a service answers: a number, or JSON, in as many lines as it likes.
   *
   * @throws EvaluationException if it is neither
   */
  static Map<String, Measure> ofAnswer(String body) throws EvaluationException {
    return whole(body, "its answer");
  }

  private static Map<String, Measure> whole(String text, String what) throws EvaluationException {
    return text.strip().startsWith("{")
        ? ofJson(text)
        : Map.of(ONLY, Measure.of(number(text, what)));
  }

  /**
   * A file of results, whichever kind.
   *
   * @param name by which CSV is told from JSON
   * @throws EvaluationException if it cannot be understood
   */
  static Map<String, Measure> ofFile(String name, String text) throws EvaluationException {
    return name.endsWith(".csv") ? CsvResults.read(name, text) : ofJson(text);
  }

  private static Map<String, Measure> ofJson(String text) throws EvaluationException {
    JsonObject tree;
    try {
      tree =
          Json.parsePythons(text)
              .object()
              .orElseThrow(() -> new EvaluationException("its results are no object of JSON"));
    } catch (JsonException e) {
      throw new EvaluationException("its results are not JSON: " + e.getMessage(), e);
    }
    Optional<JsonObject> tasks = tree.object("results");
    return tasks.isPresent() ? ofTasks(tree, tasks.get()) : flat(tree);
  }

  /** {@code {"accuracy": 0.7, "accuracy_stderr": 0.01}}. */
  private static Map<String, Measure> flat(JsonObject tree) throws EvaluationException {
    Map<String, Measure> found = new LinkedHashMap<>();
    add("", tree, JsonObject.EMPTY, found);
    if (found.isEmpty()) {
      throw new EvaluationException("its results have no number in them");
    }
    return found;
  }

  /** As lm-evaluation-harness (0.4) and lighteval (0.10) write them. */
  private static Map<String, Measure> ofTasks(JsonObject tree, JsonObject tasks)
      throws EvaluationException {
    Map<String, Measure> found = new LinkedHashMap<>();
    JsonObject directions = tree.object("higher_is_better").orElse(JsonObject.EMPTY);
    for (String task : tasks.fields().keySet()) {
      Optional<JsonObject> metrics = tasks.object(task);
      if (metrics.isPresent()) {
        JsonObject ofTask = directions.object(task).orElseGet(() -> lighteval(tree, task));
        add(task + ":", metrics.get(), ofTask, found);
      }
    }
    if (found.isEmpty()) {
      throw new EvaluationException("its file of results has no task with a number");
    }
    return found;
  }

  /** Directions by metric, from {@code config_tasks.TASK.metric[]}. */
  private static JsonObject lighteval(JsonObject tree, String task) {
    JsonObject directions = JsonObject.EMPTY;
    JsonObject configuration =
        tree.object("config_tasks").flatMap(tasks -> tasks.object(task)).orElse(JsonObject.EMPTY);
    for (String key : List.of("metric", "metrics")) {
      for (JsonObject metric : configuration.objects(key)) {
        Optional<Boolean> flag = metric.get("higher_is_better").flatMap(JsonValue::flag);
        if (flag.isPresent()) {
          directions = directions.with(metric.text("metric_name"), flag.get());
        }
      }
    }
    return directions;
  }

  private static void add(
      String prefix, JsonObject metrics, JsonObject directions, Map<String, Measure> found)
      throws EvaluationException {
    for (Map.Entry<String, JsonValue> metric : metrics.fields().entrySet()) {
      String name = metric.getKey();
      OptionalDouble value = metric.getValue().number();
      if (value.isEmpty() || isError(name, metrics)) {
        continue;
      }
      if (!Double.isFinite(value.getAsDouble())) {
        throw new EvaluationException("%s%s is %s".formatted(prefix, name, value.getAsDouble()));
      }
      Measure measure = Measure.of(value.getAsDouble());
      double error = // "N/A" where there is none
          metrics
              .get(errorOf(name))
              .map(JsonValue::number)
              .orElse(OptionalDouble.empty())
              .orElse(-1);
      measure = error >= 0 && Double.isFinite(error) ? measure.withError(error) : measure;
      Optional<Boolean> direction = directions.get(name.split(",", 2)[0]).flatMap(JsonValue::flag);
      found.put(
          prefix + name, direction.isPresent() ? measure.withDirection(direction.get()) : measure);
    }
  }

  /** {@code acc,none} has its error in {@code acc_stderr,none}. */
  private static String errorOf(String name) {
    int comma = name.indexOf(',');
    return comma < 0 ? name + ERROR : name.substring(0, comma) + ERROR + name.substring(comma);
  }

  private static boolean isError(String name, JsonObject metrics) {
    return metrics.fields().keySet().stream().anyMatch(other -> errorOf(other).equals(name))
        || name.equals("sample_len")
        || name.equals("sample_count");
  }

  /** Whether it is NaN or an infinity, as Python prints them. */
  static boolean isNoNumber(String text) {
    return NO_NUMBER.matcher(text.strip()).matches();
  }

  static double number(String text, String what) throws EvaluationException {
    if (isNoNumber(text)) {
      throw new EvaluationException("%s is %s, must be finite".formatted(what, text.strip()));
    }
    try {
      double number = Double.parseDouble(text.strip());
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new EvaluationException(
          "%s is '%s', must be a number or JSON"
              .formatted(what, text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…"),
          e);
    }
    throw new EvaluationException("%s is %s, must be finite".formatted(what, text.strip()));
  }
}
