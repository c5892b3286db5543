package dev.stockpot.merge.structure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** An object of {@code config.json} as this package reads it: named values and further objects. */
public interface Configuration {
  /** The names of its values, in their order. */
  List<String> keys();

  /** The object under a name; empty if there is none or it is no object. */
  Optional<Configuration> part(String key);

  /** The whole number under a name; empty if there is none or it is no whole number. */
  OptionalInt number(String key);

  /** The flag under a name. */
  Optional<Boolean> flag(String key);

  /** The text under a name. */
  Optional<String> text(String key);

  /** How many elements the list under a name has; empty if it is no list. */
  OptionalInt length(String key);

  /** The elements of the list under a name; empty if not all are whole numbers. */
  List<Integer> integers(String key);

  /** The elements of the list under a name; empty if not all are texts. */
  List<String> texts(String key);

  /** The first text of the list under a name; empty if there is none. */
  Optional<String> firstText(String key);

  /**
   * The object at the end of names joined by dots.
   *
   * @param path the empty one is this object's
   */
  default Optional<Configuration> at(String path) {
    if (path.isEmpty()) {
      return Optional.of(this);
    }
    int dot = path.indexOf('.');
    return dot < 0
        ? part(path)
        : part(path.substring(0, dot)).flatMap(part -> part.at(path.substring(dot + 1)));
  }

  /** Paths of the objects that describe parts of a model, an outer one before its inner ones. */
  default List<String> partPaths() {
    List<String> paths = new ArrayList<>();
    for (String key : keys()) {
      part(key)
          .filter(part -> part.text("model_type").isPresent() || key.endsWith("_config"))
          .ifPresent(
              part -> {
                paths.add(key);
                part.partPaths().forEach(inner -> paths.add(key + "." + inner));
              });
    }
    return paths;
  }
}
