package dev.stockpot.merge.trial;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads {@code layers} of a search: of which layers stacks are made. */
final class LayersReader {
  private static final List<String> KEYS =
      List.of("from", "block", "repeats", "order", "least", "most", "scale", "importance");
  private static final int MOST_BLOCKS = 10_000;

  private final TrialRecipe.Texts texts;
  private final Problems problems;

  LayersReader(TrialRecipe.Texts texts, Problems problems) {
    this.texts = texts;
    this.problems = problems;
  }

  /** The genome; the rest alone where something is wrong with the layers, which is told then. */
  Genome read(Node node, Template rest) {
    if (!(node instanceof MapNode map)) {
      problems.add(
          node.line(), "`layers` must say of what: `from: [{model: a, layer_range: [0, 32]}]`");
      return rest;
    }
    Keys keys = new Keys("`layers`", KEYS, map, problems);
    requirePassthrough(rest, keys);
    int size = keys.whole("block", 1, 100_000, 1);
    int repeats = keys.whole("repeats", 1, 100, 1);
    List<List<LayerBlock>> models = models(keys, size);
    boolean isByModel =
        keys.oneOf("order", List.of("depth", "model"), "depth").equals("model");
    List<LayerBlock> blocks = isByModel ? byModel(models, repeats) : byDepth(models, repeats);
    int least = keys.whole("least", 1, Integer.MAX_VALUE, size);
    int most = keys.whole("most", 1, Integer.MAX_VALUE, Math.max(1, size * blocks.size()));
    int leastBlocks = (least + size - 1) / size;
    int mostBlocks = Math.min(blocks.size(), most / size);
    problems.addIf(
        !blocks.isEmpty() && leastBlocks > mostBlocks,
        keys.lineOf(keys.has("least") ? "least" : "most"),
        "no stack has %s to %s layers: there are %s blocks of %s"
            .formatted(least, most, blocks.size(), size));
    problems.addIf(
        blocks.size() > MOST_BLOCKS,
        keys.line(),
        "there are %s blocks, must be %s at most; raise `block`"
            .formatted(blocks.size(), MOST_BLOCKS));
    Optional<LayerGenome.Scale> scale = keys.value("scale").flatMap(this::scale);
    Map<LayerBlock, Double> importance = importance(keys, models);
    if (!problems.isEmpty()) {
      return rest;
    }
    return new LayerGenome(
        rest, blocks, gates(blocks, models, importance), leastBlocks, mostBlocks, scale);
  }

  private void requirePassthrough(Template rest, Keys keys) {
    MapNode tree = (MapNode) rest.tree();
    boolean isPassthrough =
        tree.entry("merge_method")
            .filter(entry -> entry.value().shown().equals("passthrough"))
            .isPresent();
    problems.addIf(
        !isPassthrough,
        keys.line(),
        "`layers` searches stacks of layers as they are: write `merge_method: passthrough`");
    for (String key : List.of("models", "slices")) {
      tree.entry(key)
          .ifPresent(
              entry ->
                  problems.add(
                      entry.line(),
                      "`layers` makes the slices of each candidate, so `%s` has no place beside it; remove it"
                          .formatted(key)));
    }
  }

  /** Blocks of each model, from its first layer on. */
  private List<List<LayerBlock>> models(Keys keys, int size) {
    List<Node> nodes =
        keys.value("from").orElse(null) instanceof ListNode list ? list.elements() : List.of();
    problems.addIf(
        nodes.isEmpty(),
        keys.lineOf("from"),
        "`from` must be a list of layers, `[{model: a, layer_range: [0, 32]}]`");
    List<List<LayerBlock>> models = new ArrayList<>();
    for (Node node : nodes) {
      if (node instanceof MapNode map) {
        models.add(blocks(map, size));
      } else {
        problems.add(
            node.line(), "an element of `from` must be `{model: …, layer_range: [0, 32]}`");
      }
    }
    return models;
  }

  private List<LayerBlock> blocks(MapNode map, int size) {
    Keys keys =
        new Keys("an element of `from`", List.of("model", "layer_range", "stack"), map, problems);
    List<Double> range = keys.numbers("layer_range", 0, 1_000_000, List.of());
    boolean isRange =
        range.size() == 2
            && range.get(0) < range.get(1)
            && range.stream().allMatch(end -> end == Math.rint(end));
    problems.addIf(
        keys.value("model").isEmpty(), map.line(), "`model` is missing here; name a model");
    problems.addIf(
        !isRange,
        keys.lineOf("layer_range"),
        "`layer_range` must be two whole numbers: the first layer and the one after the last, for example [0, 32]");
    if (!isRange || keys.value("model").isEmpty()) {
      return List.of();
    }
    int begin = range.get(0).intValue();
    int end = range.get(1).intValue();
    problems.addIf(
        (end - begin) % size != 0,
        keys.lineOf("layer_range"),
        "`layer_range` is [%s, %s]: %s layers are no whole number of blocks of %s; change `block` or the range"
            .formatted(begin, end, end - begin, size));
    Node model = keys.value("model").orElseThrow();
    return IntStream.range(0, (end - begin) / size)
        .mapToObj(i -> begin + i * size)
        .map(first -> new LayerBlock(model, first, first + size, keys.value("stack")))
        .toList();
  }

  /** Side by side by depth, repeated in place. */
  private static List<LayerBlock> byDepth(List<List<LayerBlock>> models, int repeats) {
    List<LayerBlock> blocks = new ArrayList<>();
    models.stream()
        .flatMap(List::stream)
        .sorted(Comparator.comparing(LayerBlock::begin)) // stable: models keep their order
        .forEach(
            block -> IntStream.range(0, repeats).forEach(any -> blocks.add(block)));
    return blocks;
  }

  /** One model behind the other, and all of that again. */
  private static List<LayerBlock> byModel(List<List<LayerBlock>> models, int repeats) {
    List<LayerBlock> blocks = new ArrayList<>();
    for (int i = 0; i < repeats; i++) {
      models.forEach(blocks::addAll);
    }
    return blocks;
  }

  private Optional<LayerGenome.Scale> scale(Node node) {
    if (!(node instanceof MapNode map)) {
      problems.add(node.line(), "`scale` must be a range, `{range: [0.5, 1.5]}`");
      return Optional.empty();
    }
    Keys keys = new Keys("`scale`", List.of("range", "filters", "start"), map, problems);
    Hole.Range range = new SlotReader(problems).range(keys);
    double middle = range.least() <= 1 && range.most() >= 1 ? 1 : range.number(0.5);
    double start = keys.number("start", range.least(), range.most(), middle);
    List<String> filters =
        keys.has("filters") ? keys.words("filters") : List.of("o_proj", "down_proj");
    return Optional.of(new LayerGenome.Scale(range, range.placeOf(start), filters));
  }

  /**
   * Begins with the first model as it is. Of layers that are known to matter little, those of the
   * first model are the nearest to being left out; of others, those that matter most are the
   * nearest to coming in.
   */
  private static List<Double> gates(
      List<LayerBlock> blocks, List<List<LayerBlock>> models, Map<LayerBlock, Double> importance) {
    List<LayerBlock> first = models.get(0);
    List<LayerBlock> seen = new ArrayList<>();
    List<Double> gates = new ArrayList<>();
    for (LayerBlock block : blocks) {
      boolean isThere = first.contains(block) && !seen.contains(block);
      seen.add(block);
      double rank = importance.getOrDefault(block, 0.5);
      gates.add(isThere ? 0.55 + 0.4 * rank : 0.05 + 0.4 * rank);
    }
    return gates;
  }

  /** Ranks of blocks, 0 for what matters least to 1; empty where nothing is known. */
  private Map<LayerBlock, Double> importance(Keys keys, List<List<LayerBlock>> models) {
    Optional<String> place = keys.word("importance");
    if (place.isEmpty()) {
      problems.addIf(
          keys.has("importance"),
          keys.lineOf("importance"),
          "`importance` must name a file of lines, `{\"model\": \"a\", \"layer\": 0, \"score\": 0.3}`");
      return Map.of();
    }
    Map<String, Double> scores = new HashMap<>();
    try {
      List<String> lines = texts.read(place.get()).lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank() && !read(lines.get(i), scores)) {
          problems.add(
              keys.lineOf("importance"),
              "%s:%s: is not `{\"model\": \"a\", \"layer\": 0, \"score\": 0.3}`"
                  .formatted(place.get(), i + 1));
          return Map.of();
        }
      }
    } catch (IOException e) {
      problems.add(
          keys.lineOf("importance"),
          "`importance` %s cannot be read: %s".formatted(place.get(), e.getMessage()));
      return Map.of();
    }
    return ranks(models.stream().flatMap(List::stream).distinct().toList(), scores, keys);
  }

  private static boolean read(String line, Map<String, Double> scores) {
    try {
      Optional<JsonObject> row = Json.parse(line.getBytes(StandardCharsets.UTF_8)).object();
      if (row.isEmpty() || row.get().integer("layer").isEmpty()) {
        return false;
      }
      Optional<Double> score =
          row.get().get("score").flatMap(value -> value.number().stream().boxed().findFirst());
      score
          .filter(Double::isFinite)
          .ifPresent(
              given ->
                  scores.put(
                      row.get().text("model") + " " + row.get().integer("layer").getAsInt(),
                      given));
      return score.filter(Double::isFinite).isPresent();
    } catch (JsonException e) {
      return false;
    }
  }

  private Map<LayerBlock, Double> ranks(
      List<LayerBlock> blocks, Map<String, Double> scores, Keys keys) {
    Map<LayerBlock, Double> means = new HashMap<>();
    for (LayerBlock block : blocks) {
      double sum = 0;
      for (int layer = block.begin(); layer < block.end(); layer++) {
        Double score = scores.get(block.model().shown() + " " + layer);
        if (score == null) {
          problems.add(
              keys.lineOf("importance"),
              "`importance` has no score of layer %s of %s; give all, or none"
                  .formatted(layer, block.model().shown()));
          return Map.of();
        }
        sum += score;
      }
      means.put(block, sum / (block.end() - block.begin()));
    }
    Map<LayerBlock, Double> ranks = new HashMap<>();
    for (LayerBlock block : blocks) {
      double below = means.values().stream().filter(it -> it < means.get(block)).count();
      ranks.put(block, blocks.size() == 1 ? 0.5 : below / (blocks.size() - 1));
    }
    return ranks;
  }
}
