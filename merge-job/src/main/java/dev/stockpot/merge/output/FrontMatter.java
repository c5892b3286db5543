package dev.stockpot.merge.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** What the README.md of a model says to a hub: the YAML between two lines of dashes at its top. */
record FrontMatter(Map<?, ?> values) {
  private static final String DASHES = "---";
  private static final FrontMatter NONE = new FrontMatter(Map.of());

  /** Of a text; nothing where it has none, or none that can be read: it is not ours to mend. */
  static FrontMatter of(String readme) {
    List<String> lines = readme.lines().map(String::stripTrailing).toList();
    if (lines.isEmpty() || !lines.get(0).equals(DASHES)) {
      return NONE;
    }
    int end = lines.subList(1, lines.size()).indexOf(DASHES);
    if (end < 0) {
      return NONE;
    }
    String yaml = String.join("\n", lines.subList(1, end + 1));
    try {
      Object read = new Load(LoadSettings.builder().build()).loadFromString(yaml);
      return read instanceof Map<?, ?> values ? new FrontMatter(values) : NONE;
    } catch (YamlEngineException | StackOverflowError e) {
      return NONE;
    }
  }

  /** A word or a line of text; nothing if it is of another kind. */
  Optional<String> text(String key) {
    return values.get(key) instanceof String text && !text.isBlank()
        ? Optional.of(text.strip())
        : Optional.empty();
  }

  /** Words in a list, or a single one. */
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    if (values.get(key) instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof String text) {
          texts.add(text);
        }
      }
    }
    text(key).ifPresent(texts::add);
    return texts;
  }
}
