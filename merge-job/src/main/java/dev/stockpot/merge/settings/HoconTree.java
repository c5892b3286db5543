package dev.stockpot.merge.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.ScalarNode;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Reads a recipe in HOCON, with its includes, substitutions and environment variables. */
public final class HoconTree {
  private HoconTree() {}

  /**
   * The recipe's tree.
   *
   * @param file against whose folder includes are resolved
   * @throws UserException if it is not HOCON
   */
  public static Node parse(String sourceName, String text, Path file) {
    try {
      ConfigParseOptions options =
          ConfigParseOptions.defaults().setOriginDescription(sourceName).setAllowMissing(false);
      Path folder = file.toAbsolutePath().getParent();
      Config config =
          ConfigFactory.parseString(
                  text, options.appendIncluder(new FolderIncluder(folder, sourceName)))
              .resolve();
      return node(config.root());
    } catch (ConfigException e) {
      throw new UserException(e.getMessage(), e);
    }
  }

  private static Node node(ConfigValue value) {
    int line = Math.max(0, value.origin().lineNumber());
    if (value instanceof ConfigObject object) {
      return new MapNode(
          object.entrySet().stream()
              .map(entry -> entry(entry.getKey(), entry.getValue()))
              .sorted(Comparator.comparingInt(MapNode.Entry::line))
              .toList(),
          line);
    }
    if (value instanceof ConfigList list) {
      List<Node> elements = list.stream().map(HoconTree::node).toList();
      return new ListNode(elements, line);
    }
    Object unwrapped = value.unwrapped();
    Object plain = unwrapped instanceof Number number ? (Object) number.doubleValue() : unwrapped;
    String text =
        unwrapped instanceof String string ? string : value.render(ConfigRenderOptions.concise());
    return new ScalarNode(plain, text, line);
  }

  private static MapNode.Entry entry(String key, ConfigValue value) {
    return new MapNode.Entry(key, Math.max(0, value.origin().lineNumber()), node(value));
  }
}
