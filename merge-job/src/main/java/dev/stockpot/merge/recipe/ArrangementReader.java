package dev.stockpot.merge.recipe;

import dev.stockpot.merge.recipe.Arrangement.Groups;
import dev.stockpot.merge.recipe.Arrangement.Kept;
import dev.stockpot.merge.recipe.Arrangement.Part;
import dev.stockpot.merge.recipe.Arrangement.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads how a rule of {@code compose} puts tensors together. */
final class ArrangementReader {
  static final List<String> KEYS =
      List.of("transpose", "keep", "join", "stack", "sizes", "groups", "axis");

  private final Section rule;
  private final Problems problems;
  private final ModelReader models;

  ArrangementReader(Section rule, Problems problems, ModelReader models) {
    this.rule = rule;
    this.problems = problems;
    this.models = models;
  }

  Arrangement read() {
    List<Part> joined = joined();
    boolean isStacked = rule.flag("stack");
    problems.addIf(
        isStacked && (joined.isEmpty() || rule.has("axis") || rule.has("groups")),
        rule.lineOf("stack"),
        "`stack` puts what `join` lists along a new first axis, beside neither `axis` nor `groups`; %s"
            .formatted(joined.isEmpty() ? "list it" : "remove these"));
    return new Arrangement(
        rule.flag("transpose"), kept(), joined, isStacked, sizes(), groups(), axis());
  }

  private Optional<Kept> kept() {
    List<Long> bounds = wholes("keep");
    boolean areTwo =
        bounds.size() == 2
            && rule.value("keep")
                .filter(node -> node instanceof ListNode list && list.elements().size() == 2)
                .isPresent();
    if (areTwo && bounds.get(0) >= 0 && bounds.get(1) > bounds.get(0)) {
      return Optional.of(new Kept(bounds.get(0), bounds.get(1)));
    }
    problems.addIf(
        rule.has("keep"),
        rule.lineOf("keep"),
        "`keep` is %s, must be the first place along the axis and the one after the last, for example [0, 4096]"
            .formatted(rule.value("keep").map(Node::shown).orElse("")));
    return Optional.empty();
  }

  private List<Part> joined() {
    List<Part> parts = new ArrayList<>();
    for (Node node : rule.has("join") ? rule.list("join") : List.<Node>of()) {
      if (node instanceof ScalarNode scalar) {
        parts.add(new Part(Optional.empty(), scalar.text()));
        continue;
      }
      Optional<Part> part =
          node instanceof MapNode map && map.entries().size() == 2 ? part(map) : Optional.empty();
      part.ifPresent(parts::add);
      problems.addIf(
          part.isEmpty(),
          node.line(),
          "an element of `join` is a name, or {from: MODEL, name: NAME}, not %s"
              .formatted(node.shown()));
    }
    return parts;
  }

  private Optional<Part> part(MapNode map) {
    Optional<MapNode.Entry> from = map.entry("from");
    Optional<MapNode.Entry> name = map.entry("name");
    if (from.isPresent() && name.isPresent() && name.get().value() instanceof ScalarNode scalar) {
      return models
          .read(from.get().value(), "from", from.get().line())
          .filter(model -> !model.isPattern())
          .map(model -> new Part(Optional.of(model), scalar.text()));
    }
    return Optional.empty();
  }

  private Sizes sizes() {
    if (rule.value("sizes").filter(ListNode.class::isInstance).isPresent()) {
      List<Long> lengths = wholes("sizes");
      boolean arePositive =
          lengths.size() == rule.list("sizes").size()
              && lengths.stream().allMatch(length -> length > 0);
      problems.addIf(
          !arePositive,
          rule.lineOf("sizes"),
          "`sizes` is %s, must be lengths above 0, one for each name"
              .formatted(rule.value("sizes").map(Node::shown).orElse("")));
      return new Sizes(lengths, false);
    }
    Optional<String> word = rule.word("sizes");
    problems.addIf(
        word.isPresent() && !word.get().equals("heads"),
        rule.lineOf("sizes"),
        "`sizes` is %s, must be a list of lengths, or `heads`: queries, keys and values as the configuration counts them"
            .formatted(word.orElse("")));
    return word.isPresent() ? Sizes.OF_HEADS : Sizes.EQUAL;
  }

  private Groups groups() {
    Optional<Node> value = rule.value("groups");
    if (value.isEmpty()) {
      return Groups.ONE;
    }
    Optional<Long> count = whole(value.get()).filter(number -> number > 0);
    if (count.isPresent()) {
      return new Groups(Groups.Kind.COUNT, count.get());
    }
    return switch (rule.word("groups").orElse("")) {
      case "heads" -> new Groups(Groups.Kind.HEADS, 0);
      case "key_value_heads" -> new Groups(Groups.Kind.KEY_VALUE_HEADS, 0);
      case "rows" -> new Groups(Groups.Kind.ROWS, 0);
      default -> {
        problems.add(
            rule.lineOf("groups"),
            "`groups` is %s, must be how often the parts take turns: a number, `heads`, `key_value_heads` or `rows`"
                .formatted(value.get().shown()));
        yield Groups.ONE;
      }
    };
  }

  private int axis() {
    Optional<Node> value = rule.value("axis");
    Optional<Long> axis = value.flatMap(ArrangementReader::whole);
    boolean isAxis = axis.filter(number -> number >= 0 && number < 8).isPresent();
    problems.addIf(
        value.isPresent() && !isAxis,
        rule.lineOf("axis"),
        "`axis` is %s, must be a whole number from 0, rows being 0"
            .formatted(value.map(Node::shown).orElse("")));
    return isAxis ? Math.toIntExact(axis.orElseThrow()) : 0;
  }

  private List<Long> wholes(String key) {
    Optional<Node> value = rule.value(key);
    return value.isPresent() && value.get() instanceof ListNode list
        ? list.elements().stream().flatMap(node -> whole(node).stream()).toList()
        : List.of();
  }

  /** A whole number, if that is what is there, and no more than lengths can be. */
  static Optional<Long> whole(Node node) {
    return node instanceof ScalarNode scalar
        ? scalar
            .number()
            .filter(number -> number == Math.rint(number) && Math.abs(number) < 0x1p63)
            .map(Double::longValue)
        : Optional.empty();
  }
}
