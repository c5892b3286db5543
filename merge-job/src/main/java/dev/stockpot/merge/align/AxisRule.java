package dev.stockpot.merge.align;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What lies along an axis: units of one group, or of several one behind the other; nothing, if no
 * place may change.
 */
record AxisRule(List<Part> parts) {
  private static final Pattern PART = Pattern.compile("([^/\\s]+)(?:/(\\w+))?(\\s+each)?");

  /** Sides of heads, in the order in which they are matched. */
  static final List<String> SIDES = List.of("query", "key", "value", "output");

  /**
   * Units of one group.
   *
   * @param side of a group of heads; 0 for others
   * @param hasMembers whether each unit has several places, which stay together
   */
  record Part(GroupName group, int side, boolean hasMembers) {}

  AxisRule {
    parts = List.copyOf(parts);
  }

  boolean isFixed() {
    return parts.isEmpty();
  }

  /**
   * An axis.
   *
   * @throws IllegalArgumentException if that is none
   */
  static AxisRule of(String text) {
    if (text.strip().equals("fixed")) {
      return new AxisRule(List.of());
    }
    List<Part> parts = new ArrayList<>();
    for (String part : text.split("\\+", -1)) {
      Matcher matcher = PART.matcher(part.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "`%s` is no axis: write `fixed`, a group such as mlp.{l}, or several joined by +"
                .formatted(text));
      }
      int side = matcher.group(2) == null ? 0 : SIDES.indexOf(matcher.group(2));
      if (side < 0) {
        throw new IllegalArgumentException(
            "`%s` has no side `%s`, must be one of %s"
                .formatted(matcher.group(1), matcher.group(2), String.join(", ", SIDES)));
      }
      parts.add(new Part(GroupName.of(matcher.group(1)), side, matcher.group(3) != null));
    }
    return new AxisRule(parts);
  }
}
