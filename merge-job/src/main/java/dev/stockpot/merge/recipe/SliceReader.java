package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code models} and {@code slices}. */
final class SliceReader {
  private static final Section.Keys SLICE =
      new Section.Keys(
          "a slice",
          List.of("sources", "base_model", "parameters"),
          Map.of(),
          Map.of("residual_weight", "changes nothing, in mergekit neither"),
          Optional.of(Level.SLICE));
  private static final Section.Keys SOURCE =
      new Section.Keys(
          "a source of a slice",
          List.of(
              "model",
              "layer_range",
              "stack",
              "parameters",
              "statistics",
              RenameReader.KEY,
              AlignReader.KEY,
              StepsReader.KEY),
          Map.of(),
          Map.of(),
          Optional.of(Level.MODEL));
  private static final Section.Keys WHOLE_MODEL =
      new Section.Keys(
          "an entry of `models`",
          List.of(
              "model",
              "parameters",
              "statistics",
              RenameReader.KEY,
              AlignReader.KEY,
              StepsReader.KEY),
          Map.of(
              "stack",
              "is for sources of `slices`; what `models` lists is merged with all its stacks"),
          Map.of(),
          Optional.of(Level.MODEL));

  private final ParameterReader parameters;
  private final ModelReader models;
  private final StatisticsReader statistics;
  private final StrayWords words;
  private final Problems problems;
  private final Set<Slice> doubtful = new HashSet<>();
  private boolean hasUnreadableBase;

  SliceReader(
      ParameterReader parameters,
      ModelReader models,
      StatisticsReader statistics,
      StrayWords words) {
    this.parameters = parameters;
    this.models = models;
    this.statistics = statistics;
    this.words = words;
    this.problems = words.problems();
  }

  /** Slices of which some model could not be read, so that their models cannot be counted. */
  Set<Slice> doubtful() {
    return doubtful;
  }

  /** Whether some slice has a base model of its own that could not be read. */
  boolean hasUnreadableBase() {
    return hasUnreadableBase;
  }

  /** Whole models, which are one slice without a range of layers. */
  List<Slice> wholeModels(Section recipe) {
    List<Node> entries = recipe.list("models");
    List<Source> sources = new ArrayList<>();
    for (Node entry : entries) {
      section(entry, "models", WHOLE_MODEL)
          .flatMap(section -> source(section, Optional.empty()))
          .ifPresent(sources::add);
    }
    return slice(
        sources, entries.size(), Optional.empty(), ParameterBlock.NONE, recipe.lineOf("models"));
  }

  List<Slice> slices(Section recipe) {
    List<Slice> slices = new ArrayList<>();
    for (Node entry : recipe.list("slices")) {
      section(entry, "slices", SLICE).ifPresent(section -> slices.addAll(slice(section)));
    }
    boolean isAnyLayer =
        slices.stream()
            .flatMap(slice -> slice.sources().stream())
            .anyMatch(source -> source.layers().filter(range -> range.length() == 0).isEmpty());
    problems.addIf(
        !slices.isEmpty() && !isAnyLayer,
        recipe.lineOf("slices"),
        "the `layer_range` of every slice is empty; the end of one is the layer after its last");
    return slices;
  }

  private List<Slice> slice(Section section) {
    problems.addIf(
        !section.has("sources"),
        section.line(),
        "this slice has no `sources`; list the models it is made of");
    List<Node> entries = section.list("sources");
    List<Source> sources = new ArrayList<>();
    for (Node entry : entries) {
      section(entry, "sources", SOURCE)
          .flatMap(source -> source(source, layers(source)))
          .ifPresent(sources::add);
    }
    boolean hasBase = section.has("base_model") && !words.isIdleBase(section.lineOf("base_model"));
    Optional<ModelReference> base = hasBase ? models.base(section) : Optional.empty();
    hasUnreadableBase |= hasBase && base.isEmpty();
    ParameterBlock block = parameters.read(section, Level.SLICE);
    return slice(sources, entries.size(), base, block, section.line());
  }

  private List<Slice> slice(
      List<Source> sources,
      int expected,
      Optional<ModelReference> base,
      ParameterBlock block,
      int line) {
    if (sources.isEmpty()) {
      return List.of(); // which has been reported
    }
    Slice slice = new Slice(sources, base, block, line);
    if (sources.size() < expected) {
      doubtful.add(slice);
    }
    return List.of(slice);
  }

  private Optional<Section> section(Node node, String key, Section.Keys keys) {
    if (node instanceof MapNode map) {
      return Optional.of(new Section(map, keys, words));
    }
    problems.add(
        node.line(),
        node instanceof ScalarNode scalar && !key.equals("slices")
            ? "an element of `%s` must be a mapping; write `model: %s`"
                .formatted(key, scalar.shown())
            : "an element of `%s` must be a mapping, `name: value`".formatted(key));
    return Optional.empty();
  }

  private Optional<Source> source(Section section, Optional<LayerRange> layers) {
    problems.addIf(
        !section.has("model"), section.line(), "`model` is missing here; add the path of a model");
    ParameterBlock block = parameters.read(section, Level.MODEL);
    Map<String, ModelReference> beside = statistics.read(section);
    List<Rename> renames = new RenameReader(words).read(section);
    problems.addIf(
        !beside.isEmpty() && !renames.isEmpty(),
        section.lineOf(RenameReader.KEY),
        "`rename` beside `statistics`: nobody could tell which names these have; write them under"
            + " the new names, and rename neither");
    Optional<AlignChoice> align = new AlignReader(words).read(section);
    Optional<ModelReference> named =
        section.value("model").flatMap(node -> models.read(node, "model", section.lineOf("model")));
    Optional<Steps> steps = new StepsReader(words).read(section, named);
    return named.map(
        model -> new Source(model, layers, block, beside, renames, align, steps, section.line()));
  }

  private Optional<LayerRange> layers(Section source) {
    problems.addIf(
        !source.has("layer_range"),
        source.line(),
        "this source has no `layer_range`; add one, for example `layer_range: [0, 32]`");
    Optional<Node> value = source.value("layer_range");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    int line = source.lineOf("layer_range");
    List<Optional<Integer>> bounds =
        value.get() instanceof ListNode list
            ? list.elements().stream().map(SliceReader::layer).toList()
            : List.of();
    if (bounds.size() != 2 || bounds.stream().anyMatch(Optional::isEmpty)) {
      problems.add(
          line,
          "`layer_range` must be two whole numbers: the first layer and the one after the last, for"
              + " example [0, 32], not %s".formatted(value.get().shown()));
      return Optional.empty();
    }
    int begin = bounds.get(0).orElseThrow();
    int end = bounds.get(1).orElseThrow();
    if (begin < 0 || end < begin) {
      problems.add(
          line,
          "`layer_range` is [%s, %s], must go up from 0 or more; give the first layer, then the one after the last"
              .formatted(begin, end));
      return Optional.empty();
    }
    if (begin == end) {
      words.doubt(
          line,
          "`layer_range` is [%s, %s], which has no layers: its end is the layer after the last. The first slice still gives embeddings, the last one heads; remove the slice, or write [%s, %s] to have layer %s"
              .formatted(begin, end, begin, end + 1, begin));
    }
    return Optional.of(new LayerRange(begin, end, source.word("stack")));
  }

  private static Optional<Integer> layer(Node node) {
    return node instanceof ScalarNode scalar
        ? scalar.number().filter(number -> number == number.intValue()).map(Double::intValue)
        : Optional.empty();
  }
}
