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

/**
 * A recipe with holes, wherever it has {@code {range: [0, 1]}} or {@code {choice: [a, b]}}.
 *
 * @param slots in the order in which the recipe has them; their holes are the dimensions
 */
record Template(Node tree, List<Slot> slots) implements Genome {

  Template {
    slots = List.copyOf(slots);
  }

  /** The template of a tree, with what is wrong with its holes. */
  static Template of(Node tree, Problems problems) {
    List<Slot> slots = new ArrayList<>();
    find(tree, "", slots, new SlotReader(problems));
    return new Template(tree, slots);
  }

  /** One for each dimension. */
  List<Hole> holes() {
    return slots.stream().flatMap(slot -> slot.holes().stream()).toList();
  }

  @Override
  public List<Integer> counts() {
    return holes().stream().map(hole -> hole.values().count()).toList();
  }

  @Override
  public Node example() {
    return filled(start());
  }

  @Override
  public Optional<String> problemWith(Ingredients models) {
    int layers = models.layers();
    return slots.stream()
        .filter(slot -> slot.groups() > Math.max(1, layers))
        .findFirst()
        .map(slot -> problemWith(slot, layers));
  }

  private static String problemWith(Slot slot, int layers) {
    return layers == 0
        ? "`groups: %s` in line %s gives numbers to groups of layers, and no layers can be told in these models. Remove `groups`"
            .formatted(slot.groups(), slot.line())
        : "`groups: %s` in line %s, and the models have %s layers at most. Lower `groups`"
            .formatted(slot.groups(), slot.line(), layers);
  }

  /** The recipe with the holes filled. */
  @Override
  public Node filled(Point point) {
    int holes = holes().size();
    if (point.values().size() != holes) {
      throw new IllegalArgumentException(
          "%s values for %s holes".formatted(point.values().size(), holes));
    }
    return filled(tree, slots.iterator(), point.values().iterator());
  }

  /** What the holes are filled with, in words. */
  @Override
  public String described(Point point) {
    Iterator<Double> places = point.values().iterator();
    List<String> words = new ArrayList<>();
    slots.forEach(slot -> words.add(slot.described(next(slot, places))));
    return String.join(", ", words);
  }

  /** Where a search begins. */
  @Override
  public Point start() {
    return new Point(holes().stream().map(Hole::start).toList());
  }

  private static List<Double> next(Slot slot, Iterator<Double> places) {
    List<Double> own = new ArrayList<>();
    slot.holes().forEach(hole -> own.add(places.next()));
    return own;
  }

  private static Node filled(Node node, Iterator<Slot> slots, Iterator<Double> places) {
    if (node instanceof MapNode map) {
      if (SlotReader.isSlot(map)) {
        Slot slot = slots.next();
        return slot.filled(next(slot, places), map.line());
      }
      List<MapNode.Entry> entries = new ArrayList<>();
      for (MapNode.Entry entry : map.entries()) {
        entries.add(
            new MapNode.Entry(entry.key(), entry.line(), filled(entry.value(), slots, places)));
      }
      return new MapNode(entries, map.line());
    }
    if (node instanceof ListNode list) {
      List<Node> elements = new ArrayList<>();
      list.elements().forEach(element -> elements.add(filled(element, slots, places)));
      return new ListNode(elements, list.line());
    }
    return node;
  }

  private static void find(Node node, String path, List<Slot> slots, SlotReader reader) {
    if (node instanceof MapNode map) {
      if (SlotReader.isSlot(map)) {
        slots.add(reader.read(map, path));
        return;
      }
      for (MapNode.Entry entry : map.entries()) {
        String name = path.isEmpty() ? entry.key() : path + "." + entry.key();
        find(entry.value(), name, slots, reader);
      }
    } else if (node instanceof ListNode list) {
      for (int i = 0; i < list.elements().size(); i++) {
        find(list.elements().get(i), "%s[%s]".formatted(path, i), slots, reader);
      }
    }
  }
}
