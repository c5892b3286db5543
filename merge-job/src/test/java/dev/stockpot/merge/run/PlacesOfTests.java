package dev.stockpot.merge.run;

import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.ObjectStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Places of a store that ask no hub. */
final class PlacesOfTests {
  private PlacesOfTests() {}

  static Places in(ObjectStore store) {
    return in(store, Map.of());
  }

  /** With settings by key. */
  static Places in(ObjectStore store, Map<String, String> settings) {
    return Places.of(store, settings(settings), /* isHere= */ true, Map.of());
  }

  static Settings settings(Map<String, String> values) {
    Map<String, String> all = new HashMap<>(Map.of("hub", "off"));
    all.putAll(values);
    return Settings.load(all, Optional.empty());
  }
}
