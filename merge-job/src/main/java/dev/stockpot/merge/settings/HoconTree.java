package dev.stockpot.merge.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a recipe in HOCON, with its includes, substitutions and the variables that were set for it.
 */
public final class HoconTree {
  /** As deep as braces may be nested: dots in keys and substitutions are no way around that. */
  private static final int MOST_LEVELS = 32;

  private final String source;

  private HoconTree(String source) {
    this.source = source;
  }

  /**
   * The recipe's tree.
   *
   * @param file against whose folder includes are resolved
   * @throws dev.stockpot.merge.UserException if it is not HOCON
   */
  public static Node parse(String sourceName, String text, Path file) {
    return parse(sourceName, text, Optional.of(file.toAbsolutePath().getParent()));
  }

  /**
   * The tree of a recipe that is no file of this machine, and so includes nothing.
   *
   * @throws dev.stockpot.merge.UserException if it is not HOCON
   */
  public static Node parse(String sourceName, String text) {
    return parse(sourceName, text, Optional.empty());
  }

  private static Node parse(String sourceName, String text, Optional<Path> folder) {
    try {
      ConfigResolveOptions variables =
          ConfigResolveOptions.noSystem().appendResolver(RecipeVariables.here(sourceName));
      Config config = Hocon.resolved(sourceName, text, folder, variables);
      return new HoconTree(sourceName).node(config.root(), 0);
    } catch (ConfigException e) {
      report(sourceName, e);
      throw e;
    }
  }

  /** The library writes file and line in front of a problem; problems of recipes have their own. */
  private static void report(String sourceName, ConfigException e) {
    String message = e.getMessage();
    String file = sourceName;
    int line = 0;
    if (e.origin() != null) {
      line = Math.max(0, e.origin().lineNumber());
      String place = e.origin().description();
      file = place.replaceFirst(": \\d+$", "");
      message = message.startsWith(place + ": ") ? message.substring(place.length() + 2) : message;
    }
    Problems problems = new Problems(file);
    problems.add(line, message);
    problems.throwIfAny();
  }

  private Node node(ConfigValue value, int level) {
    int line = line(value);
    if (level > MOST_LEVELS) {
      throw new ConfigException.Generic(
          "a value lies deeper than %s levels, as dots in keys and substitutions count, too; write it flatter"
              .formatted(MOST_LEVELS));
    }
    if (value instanceof ConfigObject object) {
      return Node.map(
          object.entrySet().stream()
              .map(entry -> Map.entry(entry.getKey(), node(entry.getValue(), level + 1)))
              .sorted(Comparator.comparingInt(entry -> entry.getValue().line()))
              .toList(),
          line);
    }
    if (value instanceof ConfigList list) {
      List<Node> elements = list.stream().map(element -> node(element, level + 1)).toList();
      return Node.list(elements, line);
    }
    Object unwrapped = value.unwrapped();
    Object plain = unwrapped instanceof Number number ? (Object) number.doubleValue() : unwrapped;
    String text =
        unwrapped instanceof String string ? string : value.render(ConfigRenderOptions.concise());
    return Node.scalar(plain, text, line);
  }

  /** A line of the recipe; lines of other files would mislead. */
  private int line(ConfigValue value) {
    String place = value.origin().description();
    boolean isHere =
        place.startsWith(source + ": ") || place.startsWith("merge of " + source + ": ");
    return isHere ? Math.max(0, value.origin().lineNumber()) : 0;
  }
}
