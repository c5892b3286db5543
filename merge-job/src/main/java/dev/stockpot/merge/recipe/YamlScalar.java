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
    Tag tag = tag(event);
    if (tag.equals(Tag.NULL)) {
      return new ScalarNode(null, text, line);
    }
    if (tag.equals(Tag.BOOL)) {
      return new ScalarNode(bool(text), text, line);
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return new ScalarNode(number(text), text, line);
    }
    problems.addIf(
        !tag.equals(Tag.STR),
        line,
        "tag `%s` means nothing in a recipe; remove it".formatted(tag.getValue()));
    return ScalarNode.ofText(text, line);
  }

  private static Tag tag(ScalarEvent event) {
    Optional<String> given = event.getTag();
    if (given.isPresent()) {
      return given.get().equals("!") ? Tag.STR : new Tag(given.get());
    }
    return event.isPlain() ? CORE.resolve(event.getValue(), true) : Tag.STR;
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
