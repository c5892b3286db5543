package dev.stockpot.merge.trial;

import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads mergekit-evolve's {@code tasks}: one run of lm-evaluation-harness, a metric for each. */
final class HarnessTasks {
  private static final String METRIC = "acc,none";

  /** Known test sets: who chooses by them has nothing left to measure the choice by. */
  private static final List<String> BENCHMARKS =
      List.of(
          "mmlu",
          "hendrycks",
          "agieval",
          "gsm8k",
          "hellaswag",
          "winogrande",
          "arc_",
          "ai2_arc",
          "truthfulqa",
          "bigbench",
          "piqa",
          "openbookqa",
          "leaderboard");

  private final Keys keys;
  private final Problems problems;

  private record Task(String name, double weight, String metric, int line) {}

  HarnessTasks(Keys keys, Problems problems) {
    this.keys = keys;
    this.problems = problems;
  }

  /** The entry {@code evaluate} that they come to; nothing where they are a problem. */
  Optional<MapNode.Entry> evaluate() {
    int line = keys.lineOf("tasks");
    List<Node> nodes =
        keys.value("tasks").orElse(null) instanceof ListNode list ? list.elements() : List.of();
    problems.addIf(
        nodes.isEmpty(),
        line,
        "`tasks` must be a list of tasks of lm-evaluation-harness; or say by `evaluate` what a"
            + " candidate is worth, not %s"
                .formatted(keys.value("tasks").map(Node::shown).orElse("neither")));
    List<Task> tasks = new ArrayList<>();
    nodes.forEach(node -> task(node, line).ifPresent(tasks::add));
    if (tasks.isEmpty() || tasks.size() < nodes.size()) {
      return Optional.empty();
    }
    warnOfBenchmarks(tasks, line);
    Node command = command(tasks, line);
    List<Node> evaluators = new ArrayList<>();
    for (Task task : tasks) {
      evaluators.add(
          new MapNode(
              List.of(
                  new MapNode.Entry("command", line, command),
                  entry("results", "**/results_*.json", line),
                  entry("metric", task.name() + ":" + task.metric(), task.line()),
                  entry("direction", task.weight() < 0 ? "min" : "max", task.line()),
                  new MapNode.Entry(
                      "weight",
                      task.line(),
                      ScalarNode.ofNumber(Math.abs(task.weight()), task.line()))),
              task.line()));
    }
    return Optional.of(new MapNode.Entry("evaluate", line, new ListNode(evaluators, line)));
  }

  private Optional<Task> task(Node node, int line) {
    if (node instanceof ScalarNode name && !name.isNull()) {
      return Optional.of(new Task(name.text(), 1, METRIC, line));
    }
    if (!(node instanceof MapNode map)) {
      problems.add(
          line,
          "a task is a name, or `{name: …, weight: …, metric: …}`, not %s".formatted(node.shown()));
      return Optional.empty();
    }
    Keys task = new Keys("a task", List.of("name", "weight", "metric"), map, problems);
    problems.addIf(
        task.word("name").isEmpty(),
        map.line(),
        "a task has no `name`; give it one: %s".formatted(map.shown()));
    double weight = task.number("weight", -1e12, 1e12, 1);
    problems.addIf(
        weight == 0,
        task.lineOf("weight"),
        "`weight` is 0: the task counts for nothing; remove %s".formatted(map.shown()));
    return task.word("name")
        .map(name -> new Task(name, weight, task.word("metric").orElse(METRIC), map.line()));
  }

  private void warnOfBenchmarks(List<Task> tasks, int line) {
    for (Task task : tasks) {
      String name = task.name().toLowerCase(Locale.ROOT);
      if (BENCHMARKS.stream().anyMatch(name::startsWith)) {
        problems.tell(
            line,
            "%s is a public test set: what is chosen by it cannot be compared by it with others. Choose by data of your own, or by a training set"
                .formatted(task.name()));
      }
    }
  }

  private Node command(List<Task> tasks, int line) {
    Set<String> names = new LinkedHashSet<>();
    tasks.forEach(task -> names.add(task.name()));
    List<String> words =
        new ArrayList<>(
            List.of(
                "lm_eval",
                "run",
                "--model",
                "hf",
                "--model_args",
                "pretrained={model},dtype=bfloat16",
                "--tasks",
                String.join(",", names),
                "--batch_size",
                "auto",
                "--output_path",
                "{output}"));
    for (String key : List.of("num_fewshot", "limit")) {
      keys.word(key).ifPresent(value -> words.addAll(List.of("--" + key, value)));
    }
    for (String key : List.of("apply_chat_template", "fewshot_as_multiturn")) {
      if (keys.oneOf(key, List.of("true", "false"), "true").equals("true")) {
        words.add("--" + key);
      }
    }
    return new ListNode(
        words.stream().map(word -> (Node) ScalarNode.ofText(word, line)).toList(), line);
  }

  private static MapNode.Entry entry(String key, String value, int line) {
    return new MapNode.Entry(key, line, ScalarNode.ofText(value, line));
  }
}
