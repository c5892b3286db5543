package dev.stockpot.merge.trial;

import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code {range: [0, 1]}} and {@code {choice: [a, b]}} where a recipe has them. */
final class SlotReader {
  private static final List<String> KEYS =
      List.of("range", "choice", "scale", "start", "groups", "smooth");
  private static final List<String> OF_RANGES = List.of("scale", "start", "groups");
  private static final Pattern IN_PARAMETERS = Pattern.compile("(^|\\.)parameters\\.");
  private static final int MOST_GROUPS = 1000;

  private final Problems problems;

  SlotReader(Problems problems) {
    this.problems = problems;
  }

  static boolean isSlot(MapNode map) {
    return map.entry("range").isPresent() || map.entry("choice").isPresent();
  }

  Slot read(MapNode map, String path) {
    Keys keys = new Keys("a range or a choice", KEYS, map, problems);
    problems.addIf(
        keys.has("range") && keys.has("choice"),
        map.line(),
        "`range` and `choice` exclude each other; keep one");
    boolean isSmooth = keys.oneOf("smooth", List.of("true", "false"), "false").equals("true");
    problems.addIf(
        keys.has("smooth") && !keys.has("groups"),
        keys.lineOf("smooth"),
        "`smooth` of `%s` says how numbers of groups go over into each other; add `groups`, or remove it"
            .formatted(path));
    return keys.has("choice") ? choice(keys, map, path) : range(keys, path, isSmooth);
  }

  private Slot choice(Keys keys, MapNode map, String path) {
    for (String key : OF_RANGES) {
      problems.addIf(
          keys.has(key) && !keys.has("range"),
          keys.lineOf(key),
          "`%s` is for a `range`, not for a `choice`; remove it".formatted(key));
    }
    List<Node> nodes =
        keys.value("choice")
            .flatMap(SlotReader::elements)
            .filter(all -> !all.isEmpty())
            .orElse(List.of());
    problems.addIf(
        nodes.isEmpty(),
        map.line(),
        "`choice` of `%s` must be a list of one value at least, not %s"
            .formatted(path, keys.value("choice").map(Node::shown).orElse("nothing")));
    List<Node> any = List.of(ScalarNode.ofNumber(1, map.line())); // whose faults would tell nothing
    Hole.Choice choice = new Hole.Choice(nodes.isEmpty() ? any : nodes);
    return new Slot(path, List.of(new Hole(path, choice, 0.5, map.line())), Slot.Form.VALUE);
  }

  private Slot range(Keys keys, String path, boolean isSmooth) {
    int groups = keys.whole("groups", 1, MOST_GROUPS, 1);
    problems.addIf(
        groups > 1 && !IN_PARAMETERS.matcher(path).find(),
        keys.lineOf("groups"),
        "`groups` gives numbers to groups of layers, which only `parameters` have, not `%s`; remove it"
            .formatted(path));
    Hole.Range range = range(keys);
    double given = keys.number("start", range.least(), range.most(), Double.NaN);
    double start = Double.isNaN(given) ? 0.5 : range.placeOf(given);
    List<Hole> holes = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      String name = groups == 1 ? path : "%s.groups[%s]".formatted(path, group);
      holes.add(new Hole(name, range, start, keys.line()));
    }
    Slot.Form form = isSmooth ? Slot.Form.GRADIENT : Slot.Form.STEPS;
    return new Slot(path, holes, groups == 1 ? Slot.Form.VALUE : form);
  }

  Hole.Range range(Keys keys) {
    List<Double> ends = keys.numbers("range", -Double.MAX_VALUE, Double.MAX_VALUE, List.of());
    boolean isLogarithmic = keys.oneOf("scale", List.of("linear", "log"), "linear").equals("log");
    if (ends.size() != 2 || !(ends.get(0) < ends.get(1))) {
      problems.add(
          keys.line(),
          "`range` must be two numbers, the lower one first: it is %s".formatted(ends));
      return new Hole.Range(0, 1, false);
    }
    problems.addIf(
        isLogarithmic && ends.get(0) <= 0,
        keys.line(),
        "`scale: log` needs a range above 0: it begins at %s".formatted(ends.get(0)));
    return new Hole.Range(ends.get(0), ends.get(1), isLogarithmic && ends.get(0) > 0);
  }

  private static Optional<List<Node>> elements(Node node) {
    return node instanceof ListNode list ? Optional.of(list.elements()) : Optional.empty();
  }
}
