package dev.stockpot.merge.trial;

import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.ScalarNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads {@code layers} of a search: of which layers stacks are made. */
final class LayersReader {
  private static final List<String> KEYS =
      List.of("from", "block", "repeats", "order", "least", "most", "scale", "importance");
  private static final String FROM_WEIGHTS = "weights";
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
          node.line(),
          "`layers` must say of what, `from: [{model: a, layer_range: [0, 32]}]`, not %s"
              .formatted(node.shown()));
      return rest;
    }
    Keys keys = new Keys("`layers`", KEYS, map, problems);
    requirePassthrough(rest, keys);
    int size = keys.whole("block", 1, 100_000, 1);
    int repeats = keys.whole("repeats", 1, 100, 1);
    List<List<LayerBlock>> models = models(keys, size);
    boolean isByModel = keys.oneOf("order", List.of("depth", "model"), "depth").equals("model");
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
    Importance importance =
        importance(keys, models.stream().flatMap(List::stream).distinct().toList());
    if (!problems.isEmpty()) {
      return rest;
    }
    List<LayerBlock> first = models.get(0);
    boolean isOfWeights = keys.word("importance").filter(FROM_WEIGHTS::equals).isPresent();
    return new LayerGenome(
        rest,
        blocks,
        importance.gates(blocks, first),
        leastBlocks,
        mostBlocks,
        scale,
        isOfWeights ? first : List.of());
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
        "`layers` searches stacks of layers as they are: write `merge_method: passthrough`, not %s"
            .formatted(tree.entry("merge_method").map(it -> it.value().shown()).orElse("none")));
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
        "`from` must be a list of layers, `[{model: a, layer_range: [0, 32]}]`, not %s"
            .formatted(keys.value("from").map(Node::shown).orElse("left out")));
    List<List<LayerBlock>> models = new ArrayList<>();
    for (Node node : nodes) {
      if (node instanceof MapNode map) {
        models.add(blocks(map, size));
      } else {
        problems.add(
            node.line(),
            "an element of `from` must be `{model: …, layer_range: [0, 32]}`, not %s"
                .formatted(node.shown()));
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
    Optional<ScalarNode> model = word(keys, "model");
    problems.addIf(
        keys.value("model").isEmpty(), map.line(), "`model` is missing here; name a model");
    problems.addIf(
        keys.value("model").isPresent() && model.isEmpty(),
        keys.lineOf("model"),
        "`model` must be a name here; with an adapter on top it is `base+adapter`, not %s"
            .formatted(keys.value("model").map(Node::shown).orElse("")));
    problems.addIf(
        !isRange,
        keys.lineOf("layer_range"),
        "`layer_range` must be two whole numbers: the first layer and the one after the last, for"
            + " example [0, 32], not %s".formatted(range));
    if (!isRange || model.isEmpty()) {
      return List.of();
    }
    int begin = range.get(0).intValue();
    int end = range.get(1).intValue();
    problems.addIf(
        (end - begin) % size != 0,
        keys.lineOf("layer_range"),
        "`layer_range` is [%s, %s]: %s layers are no whole number of blocks of %s; change `block` or the range"
            .formatted(begin, end, end - begin, size));
    return IntStream.range(0, (end - begin) / size)
        .mapToObj(i -> begin + i * size)
        .map(first -> new LayerBlock(model.get(), first, first + size, word(keys, "stack")))
        .toList();
  }

  private static Optional<ScalarNode> word(Keys keys, String key) {
    return keys.value(key)
        .flatMap(
            node ->
                node instanceof ScalarNode scalar && !scalar.isNull()
                    ? Optional.of(scalar)
                    : Optional.empty());
  }

  /** Side by side by depth, repeated in place. */
  private static List<LayerBlock> byDepth(List<List<LayerBlock>> models, int repeats) {
    List<LayerBlock> blocks = new ArrayList<>();
    models.stream()
        .flatMap(List::stream)
        .sorted(Comparator.comparing(LayerBlock::begin)) // stable: models keep their order
        .forEach(block -> IntStream.range(0, repeats).forEach(any -> blocks.add(block)));
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
      problems.add(
          node.line(),
          "`scale` must be a range, `{range: [0.5, 1.5]}`, not %s".formatted(node.shown()));
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

  /** What a file says; nothing where nothing is known yet. */
  private Importance importance(Keys keys, List<LayerBlock> blocks) {
    Optional<String> place = keys.word("importance");
    if (place.isEmpty() || place.get().equals(FROM_WEIGHTS)) {
      problems.addIf(
          keys.has("importance") && place.isEmpty(),
          keys.lineOf("importance"),
          "`importance` must be `weights`, or name a file of lines, `{\"model\": \"a\", \"layer\":"
              + " 0, \"score\": 0.3}`, not %s"
                  .formatted(keys.value("importance").map(Node::shown).orElse("")));
      return Importance.UNKNOWN;
    }
    try {
      return Importance.of(blocks, Importance.scores(texts.read(place.get())));
    } catch (Importance.UnusableException e) {
      problems.add(
          keys.lineOf("importance"), "`importance` %s: %s".formatted(place.get(), e.getMessage()));
    } catch (IOException e) {
      problems.add(
          keys.lineOf("importance"),
          "`importance` %s cannot be read: %s".formatted(place.get(), e.getMessage()));
    }
    return Importance.UNKNOWN;
  }
}
