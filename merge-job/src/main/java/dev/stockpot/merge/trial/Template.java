package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A recipe with holes, wherever it has {@code {range: [0, 1]}} or {@code {choice: [a, b]}}.
 *
 * @param holes in the order in which the recipe has them, which is that of the dimensions
 */
record Template(Node tree, List<Hole> holes) {
  private static final Set<String> KEYS = Set.of("range", "choice", "scale", "start");

  Template {
    holes = List.copyOf(holes);
  }

  /** The template of a tree, with what is wrong with its holes. */
  static Template of(Node tree, Problems problems) {
    List<Hole> holes = new ArrayList<>();
    find(tree, "", holes, problems);
    return new Template(tree, holes);
  }

  /** The recipe with the holes filled. */
  Node filled(Point point) {
    if (point.values().size() != holes.size()) {
      throw new IllegalArgumentException(
          "%s values for %s holes".formatted(point.values().size(), holes.size()));
    }
    Iterator<Double> places = point.values().iterator();
    Iterator<Hole> next = holes.iterator();
    return filled(tree, next, places);
  }

  /** Where a search begins. */
  Point start() {
    return new Point(holes.stream().map(Hole::start).toList());
  }

  private static Node filled(Node node, Iterator<Hole> holes, Iterator<Double> places) {
    if (node instanceof MapNode map) {
      if (isHole(map)) {
        return holes.next().values().at(places.next(), map.line());
      }
      List<MapNode.Entry> entries = new ArrayList<>();
      for (MapNode.Entry entry : map.entries()) {
        entries.add(
            new MapNode.Entry(entry.key(), entry.line(), filled(entry.value(), holes, places)));
      }
      return new MapNode(entries, map.line());
    }
    if (node instanceof ListNode list) {
      List<Node> elements = new ArrayList<>();
      list.elements().forEach(element -> elements.add(filled(element, holes, places)));
      return new ListNode(elements, list.line());
    }
    return node;
  }

  private static boolean isHole(MapNode map) {
    return map.entry("range").isPresent() || map.entry("choice").isPresent();
  }

  private static void find(Node node, String path, List<Hole> holes, Problems problems) {
    if (node instanceof MapNode map) {
      if (isHole(map)) {
        holes.add(hole(map, path, problems));
        return;
      }
      map.entries()
          .forEach(
              entry ->
                  find(
                      entry.value(),
                      path.isEmpty() ? entry.key() : path + "." + entry.key(),
                      holes,
                      problems));
    } else if (node instanceof ListNode list) {
      for (int i = 0; i < list.elements().size(); i++) {
        find(list.elements().get(i), "%s[%s]".formatted(path, i), holes, problems);
      }
    }
  }

  private static Hole hole(MapNode map, String path, Problems problems) {
    Keys keys = new Keys("a range or a choice", List.copyOf(KEYS), map, problems);
    if (keys.has("range") && keys.has("choice")) {
      problems.add(map.line(), "`range` and `choice` exclude each other; keep one");
    }
    if (keys.has("choice")) {
      List<Node> nodes =
          keys.value("choice")
              .flatMap(Template::elements)
              .filter(all -> !all.isEmpty())
              .orElse(List.of());
      problems.addIf(nodes.isEmpty(), map.line(), "`choice` must be a list of one value at least");
      return new Hole(
          path, new Hole.Choice(nodes.isEmpty() ? List.of(map) : nodes), 0.5, map.line());
    }
    List<Double> ends = keys.numbers("range", -Double.MAX_VALUE, Double.MAX_VALUE, List.of());
    boolean isLogarithmic = keys.oneOf("scale", List.of("linear", "log"), "linear").equals("log");
    if (ends.size() != 2 || !(ends.get(0) < ends.get(1))) {
      problems.add(
          map.line(), "`range` must be two numbers, the lower one first: it is %s".formatted(ends));
      return new Hole(path, new Hole.Range(0, 1, false), 0.5, map.line());
    }
    if (isLogarithmic && ends.get(0) <= 0) {
      problems.add(
          map.line(), "`scale: log` needs a range above 0: it begins at %s".formatted(ends.get(0)));
      isLogarithmic = false;
    }
    Hole.Range range = new Hole.Range(ends.get(0), ends.get(1), isLogarithmic);
    double start = keys.number("start", range.least(), range.most(), Double.NaN);
    return new Hole(path, range, Double.isNaN(start) ? 0.5 : range.placeOf(start), map.line());
  }

  private static Optional<List<Node>> elements(Node node) {
    return node instanceof ListNode list ? Optional.of(list.elements()) : Optional.empty();
  }
}
