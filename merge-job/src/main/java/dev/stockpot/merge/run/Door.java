package dev.stockpot.merge.run;

import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.ObjectStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Where calls come in: each finds stores and settings, and hears of storage in words. */
final class Door {
  private static final String SETTINGS = "spark.stockpot.";
  private static final String HADOOP = "spark.hadoop.";

  private final EngineSource engines;
  private final ObjectStore store;

  Door(EngineSource engines, ObjectStore store) {
    this.engines = engines;
    this.store = store;
  }

  /** Something that reads or writes files. */
  interface Work<T> {
    T run(Places places, Settings settings) throws IOException;
  }

  /** All stores, as the Spark is configured. */
  static ObjectStore stores(EngineSource engines) {
    return Stores.all(part(engines.configuration(), HADOOP));
  }

  /** Who runs tasks. */
  EngineSource engines() {
    return engines;
  }

  /** Does what takes long, with connections of its own, which are closed behind it. */
  <T> T through(MergeOptions options, Work<T> work) {
    ObjectStore own = store.forMerge(UUID.randomUUID().toString());
    ObjectSource.Use connections = own.use();
    try {
      return run(own, options, work);
    } finally {
      connections.close();
    }
  }

  /** Does what takes a moment. */
  <T> T look(MergeOptions options, Work<T> work) {
    return run(store, options, work);
  }

  private <T> T run(ObjectStore from, MergeOptions options, Work<T> work) {
    try {
      Settings settings = JobSettings.load(from, options, part(engines.configuration(), SETTINGS));
      return work.run(Places.of(from, settings, engines.isHere()), settings);
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }

  private static Map<String, String> part(Map<String, String> configuration, String prefix) {
    Map<String, String> part = new HashMap<>();
    configuration.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            part.put(key.substring(prefix.length()), value);
          }
        });
    return part;
  }
}
