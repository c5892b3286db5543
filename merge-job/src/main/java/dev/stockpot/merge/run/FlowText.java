package dev.stockpot.merge.run;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Values as YAML has them on one line, which JSON has, too, but for keys without quotes. */
final class FlowText {
  private FlowText() {}

  static String of(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + ": " + of(entry.getValue()))
          .sorted() // a copy of a map has no order of its own
          .collect(joining(", ", "{", "}"));
    }
    if (value instanceof Iterable<?> list) {
      List<String> elements = new ArrayList<>();
      list.forEach(element -> elements.add(of(element)));
      return elements.stream().collect(joining(", ", "[", "]"));
    }
    return value instanceof Number || value instanceof Boolean
        ? value.toString()
        : quoted(String.valueOf(value));
  }

  /** As YAML and JSON both have it. */
  private static String quoted(String text) {
    Function<Integer, String> character =
        c ->
            switch (c) {
              case (int) '"' -> "\\\"";
              case (int) '\\' -> "\\\\";
              default ->
                  isBare(c) ? Character.toString(c) : String.format(Locale.ROOT, "\\u%04x", c);
            };
    return text.codePoints().boxed().map(character).collect(joining("", "\"", "\""));
  }

  /** Whether YAML takes a character as it is. */
  private static boolean isBare(int c) {
    return !Character.isISOControl(c) && c != 0xFFFE && c != 0xFFFF;
  }
}
