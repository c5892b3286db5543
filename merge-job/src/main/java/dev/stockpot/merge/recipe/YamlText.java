package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Writes a tree of nodes as YAML, from which the same tree is read. */
public final class YamlText {
  private static final int WIDTH = 120;

  private YamlText() {}

  /** The text of a document. */
  public static String of(Node tree) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setWidth(WIDTH)
            .setSchema(new CoreSchema()) // the reader's: text that looks like a number is quoted
            .build();
    return new Dump(settings).dumpToString(value(tree));
  }

  private static Object value(Node node) {
    if (node instanceof MapNode map) {
      Map<String, Object> values = new LinkedHashMap<>();
      map.entries().forEach(entry -> values.put(entry.key(), value(entry.value())));
      return values;
    }
    if (node instanceof ListNode list) {
      List<Object> values = new ArrayList<>();
      list.elements().forEach(element -> values.add(value(element)));
      return values;
    }
    return ((ScalarNode) node).value();
  }
}
