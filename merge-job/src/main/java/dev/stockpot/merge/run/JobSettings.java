package dev.stockpot.merge.run;

import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The settings of a merge: the caller's, those of a session, those of a file, the defaults. */
final class JobSettings {
  private JobSettings() {}

  /**
   * Reads them.
   *
   * @param ofSession what a Spark that others started has as {@code spark.stockpot.…}, by key
   * @throws dev.stockpot.merge.UserException if a key or a value makes no sense
   */
  static Settings load(ObjectSource store, MergeOptions options, Map<String, String> ofSession)
      throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    ofSession.forEach(
        (key, value) -> {
          if (System.getProperty("stockpot." + key) == null) { // which is for this process
            values.put(key, value);
          }
        });
    values.putAll(options.settings());
    Optional<Location> file = options.settingsFile().map(Location::typed);
    if (file.isEmpty() || file.get().isPlainPath()) {
      return Settings.load(values, file.map(Location::localPath));
    }
    return Settings.load(
        values, file.get().path(), SmallText.read(store, file.get(), "a file of settings"));
  }
}
