package dev.stockpot.merge.recipe;

import java.util.Map;
import java.util.Set;

/** Which keys must have a value where they stand. */
final class NeededKeys {
  /** Keys that say nothing without a value; others may as well not be there. */
  private static final Set<String> NEEDED =
      Set.of("merge_method", "models", "slices", "sources", "model", "layer_range", "value");

  /** What is merged is said by one of two keys. */
  private static final Map<String, String> FORMS = Map.of("models", "slices", "slices", "models");

  private NeededKeys() {}

  /** Not where the other form of a merge is there. */
  static boolean isNeeded(MapNode map, String key) {
    return NEEDED.contains(key)
        && (!FORMS.containsKey(key)
            || map.entry(FORMS.get(key)).filter(entry -> !isNull(entry)).isEmpty());
  }

  /** Whether there is a key, and no value. */
  static boolean isNull(MapNode.Entry entry) {
    return entry.value() instanceof ScalarNode scalar && scalar.isNull();
  }
}
