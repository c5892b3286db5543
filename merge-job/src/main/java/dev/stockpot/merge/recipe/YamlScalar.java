package dev.stockpot.merge.recipe;

import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/** What a YAML scalar means by the core schema. */
final class YamlScalar {
  private static final ScalarResolver CORE = new CoreScalarResolver(false);

  private YamlScalar() {}

  static ScalarNode of(ScalarEvent event, int line, Problems problems) {
    String text = event.getValue();
    String tag = tag(event);
    if (tag.equals(Tag.NULL.getValue())) {
      return new ScalarNode(null, text, line);
    }
    if (tag.equals(Tag.BOOL.getValue())) {
      return new ScalarNode(bool(text), text, line);
    }
    if (tag.equals(Tag.INT.getValue()) || tag.equals(Tag.FLOAT.getValue())) {
      return new ScalarNode(number(text), text, line);
    }
    problems.addIf(
        !tag.equals(Tag.STR.getValue()),
        line,
        "tag `%s` means nothing in a recipe; remove it".formatted(tag));
    return ScalarNode.ofText(text, line);
  }

  /** As text: the library makes no tag of one that ends in blanks, as {@code !a%09} does. */
  private static String tag(ScalarEvent event) {
    Optional<String> given = event.getTag();
    if (given.isPresent()) {
      return given.get().equals("!") ? Tag.STR.getValue() : given.get();
    }
    Tag meant = event.isPlain() ? CORE.resolve(event.getValue(), true) : Tag.STR;
    return meant.getValue();
  }

  /** A flag, or the text if an explicit tag claims what is not so: then its reader refuses it. */
  private static Object bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> text;
    };
  }

  /** A number, or the text as above. */
  private static Object number(String text) {
    try {
      if (text.startsWith("0x")) {
        return (double) Long.parseLong(text.substring(2), 16);
      }
      if (text.startsWith("0o")) {
        return (double) Long.parseLong(text.substring(2), 8);
      }
      return switch (text.toLowerCase(Locale.ROOT)) {
        case ".nan" -> Double.NaN;
        case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
        case "-.inf" -> Double.NEGATIVE_INFINITY;
        default -> Double.parseDouble(text);
      };
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
