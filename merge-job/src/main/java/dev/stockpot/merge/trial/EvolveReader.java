package dev.stockpot.merge.trial;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.ScalarNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the configuration of mergekit-evolve: a {@code genome} of weights and densities, and {@code
 * tasks} of lm-evaluation-harness. It becomes a recipe of ours with {@code search} and {@code
 * evaluate}, which may also stand beside it and count then.
 */
final class EvolveReader {
  private static final List<String> METHODS =
      List.of("linear", "task_arithmetic", "ties", "dare_ties", "slerp");
  private static final List<String> WITH_DENSITY = List.of("ties", "dare_ties");
  private static final List<String> NORMALISED = List.of("linear", "ties", "dare_ties");
  private static final List<String> KEYS_OF_GENOME =
      List.of(
          "models",
          "merge_method",
          "base_model",
          "tokenizer_source",
          "layer_granularity",
          "normalize",
          "allow_negative_weights",
          "filters",
          "smooth");
  private static final List<String> KEYS =
      List.of(
          "genome",
          "search",
          "evaluate",
          "tasks",
          "limit",
          "num_fewshot",
          "shuffle",
          "random_init",
          "apply_chat_template",
          "fewshot_as_multiturn");

  private final TrialRecipe.Texts texts;
  private final Problems problems;

  EvolveReader(TrialRecipe.Texts texts, Problems problems) {
    this.texts = texts;
    this.problems = problems;
  }

  static boolean isOne(MapNode map) {
    return map.entry("genome").isPresent() && map.entry("merge_method").isEmpty();
  }

  /** The recipe that it means; what cannot be meant is a problem. */
  MapNode read(MapNode map) {
    Keys keys = new Keys("a configuration of mergekit-evolve", KEYS, map, problems);
    if (!(keys.value("genome").orElse(null) instanceof MapNode of)) {
      problems.add(
          keys.lineOf("genome"),
          "`genome` must be a mapping, with `models` in it, not %s"
              .formatted(keys.value("genome").map(Node::shown).orElse("")));
      return map;
    }
    Keys genome = new Keys("`genome`", KEYS_OF_GENOME, of, problems);
    List<String> models = genome.has("models") ? genome.words("models") : List.of();
    problems.addIf(
        models.size() < 2,
        genome.lineOf("models"),
        "`models` of `genome` must be a list of two models at least, not %s".formatted(models));
    String method = genome.oneOf("merge_method", METHODS, "");
    problems.addIf(
        method.isEmpty() && !genome.has("merge_method"),
        genome.line(),
        "`genome` has no `merge_method`; give it one of " + METHODS);
    for (String key : List.of("shuffle", "random_init")) {
      problems.addIf(
          isOn(keys, key, false),
          keys.lineOf(key),
          "`%s` cannot be meant here: candidates are compared on the same items, and a search begins where `start` is; remove it"
              .formatted(key));
    }
    if (!problems.isEmpty()) {
      return map;
    }
    int line = of.line();
    List<MapNode.Entry> entries = new ArrayList<>();
    entries.add(
        new MapNode.Entry("merge_method", genome.lineOf("merge_method"), word(method, line)));
    entries.addAll(
        method.equals("slerp") ? slerp(genome, models) : weights(genome, models, method));
    genome
        .value("tokenizer_source")
        .ifPresent(
            source ->
                entries.add(
                    new MapNode.Entry(
                        "tokenizer_source", genome.lineOf("tokenizer_source"), source)));
    entries.add(new MapNode.Entry("dtype", line, word("bfloat16", line)));
    entries.add(map.entry("search").orElseGet(() -> search(line)));
    map.entry("evaluate")
        .or(() -> new HarnessTasks(keys, problems).evaluate())
        .ifPresent(entries::add);
    problems.tell(
        line,
        "this is a configuration of mergekit-evolve. Weights are searched from 0 to 2 (from -2"
            + " where `allow_negative_weights` is on), not without end and folded at 0; groups of"
            + " layers have one number each; what is drawn follows from the seed");
    return new MapNode(entries, map.line());
  }

  /** As mergekit-evolve begins: σ is 1/6, and weights are searched over a width of 2. */
  private static MapNode.Entry search(int line) {
    return new MapNode.Entry(
        "search",
        line,
        new MapNode(
            List.of(
                new MapNode.Entry("strategy", line, word("cma_es", line)),
                new MapNode.Entry("evaluations", line, ScalarNode.ofNumber(100, line)),
                new MapNode.Entry("sigma", line, ScalarNode.ofNumber(1.0 / 12, line))),
            line));
  }

  private List<MapNode.Entry> weights(Keys genome, List<String> models, String method) {
    int line = genome.line();
    double least = isOn(genome, "allow_negative_weights", false) ? -2 : 0;
    int groups = groups(genome, models.get(0));
    List<Node> entries = new ArrayList<>();
    for (String model : models) {
      List<MapNode.Entry> parameters = new ArrayList<>();
      parameters.add(
          new MapNode.Entry(
              "weight",
              line,
              filtered(genome, range(genome, least, 2, 1.0 / models.size(), groups))));
      if (WITH_DENSITY.contains(method)) {
        parameters.add(
            new MapNode.Entry("density", line, filtered(genome, range(genome, 0, 1, 1, groups))));
      }
      entries.add(
          new MapNode(
              List.of(
                  new MapNode.Entry("model", genome.lineOf("models"), word(model, line)),
                  new MapNode.Entry("parameters", line, new MapNode(parameters, line))),
              line));
    }
    List<MapNode.Entry> all = new ArrayList<>();
    all.add(new MapNode.Entry("models", genome.lineOf("models"), new ListNode(entries, line)));
    genome
        .value("base_model")
        .ifPresent(
            base -> all.add(new MapNode.Entry("base_model", genome.lineOf("base_model"), base)));
    if (NORMALISED.contains(method)) {
      boolean isNormalised = isOn(genome, "normalize", true);
      MapNode.Entry normalize =
          new MapNode.Entry(
              "normalize", line, new ScalarNode(isNormalised, String.valueOf(isNormalised), line));
      all.add(new MapNode.Entry("parameters", line, new MapNode(List.of(normalize), line)));
    } else {
      problems.addIf(
          isOn(genome, "normalize", false),
          genome.lineOf("normalize"),
          "`normalize` has no effect on %s; remove it".formatted(method));
    }
    return all;
  }

  /** Of two models; mergekit-evolve takes the two with the largest genes of each group. */
  private List<MapNode.Entry> slerp(Keys genome, List<String> models) {
    int line = genome.line();
    problems.addIf(
        models.size() != 2,
        genome.lineOf("models"),
        "slerp is between two models, and there are %s: which two are taken cannot be another choice for each group of layers here; keep two, or use another `merge_method`"
            .formatted(models.size()));
    for (String key : List.of("filters", "smooth", "allow_negative_weights", "normalize")) {
      problems.addIf(
          genome.has(key),
          genome.lineOf(key),
          "`%s` has no effect on slerp; remove it".formatted(key));
    }
    List<Node> entries = new ArrayList<>();
    for (String model : models) {
      entries.add(new MapNode(List.of(new MapNode.Entry("model", line, word(model, line))), line));
    }
    MapNode.Entry t =
        new MapNode.Entry("t", line, range(genome, 0, 1, 0.5, groups(genome, models.get(0))));
    return List.of(
        new MapNode.Entry("models", genome.lineOf("models"), new ListNode(entries, line)),
        new MapNode.Entry("base_model", line, word(models.get(0), line)),
        new MapNode.Entry("parameters", line, new MapNode(List.of(t), line)));
  }

  private MapNode range(Keys genome, double least, double most, double start, int groups) {
    int line = genome.line();
    List<Node> ends = List.of(ScalarNode.ofNumber(least, line), ScalarNode.ofNumber(most, line));
    List<MapNode.Entry> entries = new ArrayList<>();
    entries.add(new MapNode.Entry("range", line, new ListNode(ends, line)));
    entries.add(new MapNode.Entry("start", line, ScalarNode.ofNumber(start, line)));
    if (groups > 1) {
      entries.add(new MapNode.Entry("groups", line, ScalarNode.ofNumber(groups, line)));
      entries.add(
          new MapNode.Entry(
              "smooth", line, word(String.valueOf(isOn(genome, "smooth", false)), line)));
    }
    return new MapNode(entries, line);
  }

  /** The same range for each filter, and for what none of them matches. */
  private Node filtered(Keys genome, MapNode range) {
    if (!genome.has("filters")) {
      return range;
    }
    int line = genome.lineOf("filters");
    List<Node> choices = new ArrayList<>();
    for (String filter : genome.words("filters")) {
      choices.add(
          new MapNode(
              List.of(
                  new MapNode.Entry("filter", line, word(filter, line)),
                  new MapNode.Entry("value", line, range)),
              line));
    }
    choices.add(new MapNode(List.of(new MapNode.Entry("value", line, range)), line));
    return new ListNode(choices, line);
  }

  /** How many groups of layers have numbers of their own; layers are counted in a configuration. */
  private int groups(Keys genome, String model) {
    int granularity = genome.whole("layer_granularity", 0, 100_000, 0);
    if (granularity == 0) {
      problems.addIf(
          isOn(genome, "smooth", false),
          genome.lineOf("smooth"),
          "`smooth` lets numbers of groups of layers go over into each other, and there is one"
              + " group of all layers of %s; add `layer_granularity`, or remove it"
                  .formatted(model));
      return 1;
    }
    int line = genome.lineOf("layer_granularity");
    OptionalInt layers = layers(model + "/config.json");
    if (layers.isEmpty()) {
      problems.add(
          line,
          "`layer_granularity` needs the number of layers, which %s/config.json does not tell here; write a recipe with `{range: [0, 2], groups: …}`"
              .formatted(model));
      return 1;
    }
    problems.addIf(
        layers.getAsInt() % granularity != 0,
        line,
        "`layer_granularity` is %s, must divide %s, the number of layers"
            .formatted(granularity, layers.getAsInt()));
    return Math.max(1, layers.getAsInt() / granularity);
  }

  private OptionalInt layers(String config) {
    try {
      Optional<JsonObject> tree =
          Json.parse(texts.read(config).getBytes(StandardCharsets.UTF_8)).object();
      return tree.map(object -> object.integer("num_hidden_layers")).orElse(OptionalInt.empty());
    } catch (IOException | JsonException e) {
      return OptionalInt.empty();
    }
  }

  private static boolean isOn(Keys keys, String key, boolean otherwise) {
    return keys.oneOf(key, List.of("true", "false"), String.valueOf(otherwise)).equals("true");
  }

  private static ScalarNode word(String text, int line) {
    return ScalarNode.ofText(text, line);
  }
}
