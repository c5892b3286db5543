package dev.stockpot.merge.trial;

import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.evaluate.Evaluator;
import dev.stockpot.merge.evaluate.Evaluators;
import dev.stockpot.merge.evaluate.Metric;
import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.ScalarNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code evaluate}: an evaluator, or a list of them. */
final class EvaluatorReader {
  private static final List<String> KINDS = List.of("command", "http", "scores");
  private static final List<String> KEYS =
      List.of(
          "command",
          "http",
          "scores",
          "on",
          "gpu",
          "metric",
          "direction",
          "weight",
          "parallel",
          "timeout",
          "retries",
          "results",
          "version");
  private static final List<String> PLACES = List.of("driver", "executors", "nowhere");
  private static final Duration HOUR = Duration.ofHours(1);

  private final TrialRecipe.Texts texts;
  private final Problems problems;
  private int parallel = Integer.MAX_VALUE;

  EvaluatorReader(TrialRecipe.Texts texts, Problems problems) {
    this.texts = texts;
    this.problems = problems;
  }

  /** Evaluators; the name of a file alone stands for what is in it. */
  Optional<Judges> read(Node node) {
    return node instanceof ScalarNode file && file.text().matches(".*\\.(ya?ml|json)")
        ? new EvaluatorFile(texts, problems).read(file.text(), node.line())
        : readAll(node);
  }

  Optional<Judges> readAll(Node node) {
    List<Node> nodes = node instanceof ListNode list ? list.elements() : List.of(node);
    List<Judge> judges = new ArrayList<>();
    for (Node each : nodes) {
      if (each instanceof MapNode map) {
        judge(new Keys("`evaluate`", KEYS, map, problems)).ifPresent(judges::add);
      } else {
        problems.add(
            each.line(),
            "`evaluate` is %s, must say by what: `command: [python, evaluate.py, '{model}']`, `http` or `scores`, here or in a file such as evaluate.yml"
                .formatted(each.shown()));
      }
    }
    problems.addIf(nodes.isEmpty(), node.line(), "`evaluate` is empty; name an evaluator");
    long elsewhere = judges.stream().filter(judge -> !judge.evaluator().isHere()).count();
    problems.addIf(
        elsewhere > 0 && elsewhere < judges.size(),
        node.line(),
        "%s of %s evaluators are `on: nowhere`; let all be told, or none"
            .formatted(elsewhere, judges.size()));
    return judges.size() == nodes.size() && !judges.isEmpty()
        ? Optional.of(new Judges(judges, parallel))
        : Optional.empty();
  }

  private Optional<Judge> judge(Keys keys) {
    List<String> kinds = KINDS.stream().filter(keys::has).toList();
    String on = keys.oneOf("on", PLACES, "driver");
    boolean isElsewhere = on.equals("nowhere");
    problems.addIf(
        on.equals("executors") && !kinds.contains("command"),
        keys.lineOf("on"),
        "`on: executors` is for a `command`, which runs there, not for %s; remove `on`"
            .formatted(kinds));
    problems.addIf(
        keys.has("gpu") && !on.equals("executors"),
        keys.lineOf("gpu"),
        "`gpu` asks for an executor with a GPU, and this runs on: %s; say `on: executors`, or remove `gpu`"
            .formatted(on));
    if (kinds.size() != (isElsewhere ? 0 : 1)) {
      problems.add(
          keys.line(),
          isElsewhere
              ? "`on: nowhere` says that scores are told, so nothing else is asked; remove %s or `on`"
                  .formatted(kinds)
              : kinds.isEmpty()
                  ? "`evaluate` has none of `command`, `http` and `scores`; give it one, or `on:"
                      + " nowhere` where scores are told"
                  : "`evaluate` has %s; keep one, or make it a list".formatted(kinds));
      return Optional.empty();
    }
    Metric metric = metric(keys);
    parallel = Math.min(parallel, keys.whole("parallel", 1, 10_000, 1));
    int retries = keys.whole("retries", 0, 100, 0);
    Duration timeout = keys.duration("timeout", HOUR);
    String version = keys.word("version").orElse("");
    Optional<Evaluator> evaluator =
        switch (isElsewhere ? "nowhere" : kinds.get(0)) {
          case "nowhere" -> Optional.of(Evaluators.elsewhere(version));
          case "command" -> command(keys, timeout, version);
          case "http" -> http(keys, timeout, version);
          default -> scores(keys);
        };
    return evaluator.map(found -> new Judge(found, metric, retries));
  }

  private Metric metric(Keys keys) {
    String direction = keys.oneOf("direction", List.of("max", "min"), "");
    if (direction.isEmpty() && !keys.has("direction") && !keys.has("results")) {
      problems.add(
          keys.line(),
          "`evaluate` does not say whether more is better; add `direction: max` or `direction:"
              + " min`");
    }
    return new Metric(
        keys.word("metric").orElse(""),
        direction.isEmpty() ? Optional.empty() : Optional.of(direction.equals("max")),
        keys.number("weight", 1e-12, 1e12, 1));
  }

  private Optional<Evaluator> command(Keys keys, Duration timeout, String version) {
    List<String> words = keys.words("command");
    boolean seesModel = words.stream().anyMatch(word -> word.contains("{model}"));
    problems.addIf(
        !words.isEmpty() && !seesModel && words.size() > 1,
        keys.lineOf("command"),
        "`command` has no `{model}` in it, so it would score every candidate alike; put it where"
            + " the model's folder belongs");
    Optional<String> results = keys.word("results");
    boolean isAway = keys.word("on").filter("executors"::equals).isPresent();
    boolean wantsGpu = keys.oneOf("gpu", List.of("true", "false"), "false").equals("true");
    if (words.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        isAway
            ? Evaluators.commandOnExecutors(words, results, timeout, version, wantsGpu)
            : Evaluators.command(words, results, timeout, version));
  }

  private Optional<Evaluator> http(Keys keys, Duration timeout, String version) {
    String address = keys.word("http").orElse("");
    try {
      return Optional.of(Evaluators.http(URI.create(address), timeout, version));
    } catch (IllegalArgumentException e) {
      problems.add(keys.lineOf("http"), "`http`: %s".formatted(e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<Evaluator> scores(Keys keys) {
    String place = keys.word("scores").orElse("");
    try {
      return Optional.of(Evaluators.table(place, texts.read(place)));
    } catch (EvaluationException e) {
      problems.add(keys.lineOf("scores"), e.getMessage());
    } catch (IOException e) {
      problems.add(
          keys.lineOf("scores"), "`scores` %s cannot be read: %s".formatted(place, e.getMessage()));
    }
    return Optional.empty();
  }
}
