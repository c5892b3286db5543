package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a rule once for each of several layers: {@code {layer}} is a layer's number, {@code
 * {layer+4}} four more, {@code {layer*2+1}} twice that and one more.
 */
final class Layers {
  /** Nobody has more, and a slip of the pen should not fill the memory. */
  private static final int MOST = 10_000;

  private static final Pattern NUMBER =
      Pattern.compile("\\{layer(?:\\*(\\d{1,4}))?(?:([+-])(\\d{1,4}))?}");
  private static final String WORD = "{layer";
  private static final String KEY = "layers";

  private Layers() {}

  /**
   * The mappings that one stands for: itself, if it speaks of no layers.
   *
   * @param rule with a key {@code layers}, or without
   */
  static List<MapNode> expanded(MapNode rule, Problems problems) {
    Optional<MapNode.Entry> layers = rule.entry(KEY);
    if (layers.isEmpty()) {
      if (shows(rule)) {
        problems.add(
            rule.line(),
            "`{layer}` stands for each of several layers; say which, for example `layers: [0, 32]`");
        return List.of();
      }
      return List.of(rule);
    }
    List<Integer> range = range(layers.get(), problems);
    if (range.isEmpty()) {
      return List.of();
    }
    MapNode others =
        new MapNode(
            rule.entries().stream().filter(entry -> !entry.key().equals(KEY)).toList(),
            rule.line());
    if (!shows(others)) {
      problems.add(
          layers.get().line(),
          "`layers` repeats this rule, and nothing in it says `{layer}`: all would be the same");
      return List.of();
    }
    List<MapNode> each = new ArrayList<>();
    for (int layer = range.get(0); layer < range.get(1); layer++) {
      each.add((MapNode) of(others, layer));
    }
    return each;
  }

  private static List<Integer> range(MapNode.Entry entry, Problems problems) {
    List<Integer> bounds = new ArrayList<>();
    if (entry.value() instanceof ListNode list) {
      for (Node node : list.elements()) {
        if (node instanceof ScalarNode scalar) {
          scalar
              .number()
              .filter(number -> number == number.intValue())
              .ifPresent(number -> bounds.add(number.intValue()));
        }
      }
    }
    boolean isRange =
        entry.value() instanceof ListNode list
            && list.elements().size() == 2
            && bounds.size() == 2
            && bounds.get(0) >= 0
            && bounds.get(1) > bounds.get(0)
            && bounds.get(1) - bounds.get(0) <= MOST;
    problems.addIf(
        !isRange,
        entry.line(),
        "`layers` is %s, must be the first layer and the one after the last, at most %s of them, for example [0, 32]"
            .formatted(entry.value().shown(), MOST));
    return isRange ? bounds : List.of();
  }

  private static boolean shows(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.text().contains(WORD);
    }
    return node instanceof ListNode list
        ? list.elements().stream().anyMatch(Layers::shows)
        : ((MapNode) node).entries().stream().anyMatch(entry -> shows(entry.value()));
  }

  private static Node of(Node node, int layer) {
    if (node instanceof ScalarNode scalar) {
      return scalar.text().contains(WORD)
          ? ScalarNode.ofText(numbered(scalar.text(), layer), scalar.line())
          : scalar;
    }
    if (node instanceof ListNode list) {
      return new ListNode(
          list.elements().stream().map(element -> of(element, layer)).toList(), list.line());
    }
    MapNode map = (MapNode) node;
    return new MapNode(
        map.entries().stream()
            .map(entry -> new MapNode.Entry(entry.key(), entry.line(), of(entry.value(), layer)))
            .toList(),
        map.line());
  }

  /** The text for one layer; a number below zero shows, and no tensor has such a name. */
  private static String numbered(String text, int layer) {
    return NUMBER
        .matcher(text)
        .replaceAll(
            found -> {
              int times = found.group(1) == null ? 1 : Integer.parseInt(found.group(1));
              int more = found.group(3) == null ? 0 : Integer.parseInt(found.group(3));
              int number = layer * times + ("-".equals(found.group(2)) ? -more : more);
              return Matcher.quoteReplacement(String.valueOf(number));
            });
  }
}
