package dev.stockpot.merge.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.storage.PendingFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The scores that were paid for, each written down before it counts: whoever goes on after a crash
 * asks nobody twice. One holder at a time.
 */
final class Scores {
  private static final String PREFIX = "trial-";
  private static final String SUFFIX = ".json";

  private final PendingFolder folder;
  private final Optional<PendingFolder> cache;
  private final Map<String, Trial> byKey = new HashMap<>();
  private final int own;

  /**
   * @param folder holds scores of these trials
   * @param cache holds those of others that may be the same
   */
  Scores(PendingFolder folder, Optional<PendingFolder> cache) {
    this.folder = folder;
    this.cache = cache;
    folder.journal().forEach(this::read);
    this.own = byKey.size();
    cache.ifPresent(others -> others.journal().forEach(this::read));
  }

  private void read(String name, ByteBuffer entry) {
    if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
      return;
    }
    byte[] bytes = new byte[entry.remaining()];
    entry.duplicate().get(bytes);
    try {
      Json.parse(bytes)
          .object()
          .flatMap(Trial::of)
          .filter(trial -> !trial.score().isFailed()) // whatever it was may be mended by now
          .ifPresent(
              trial ->
                  byKey.put(
                      name.substring(PREFIX.length(), name.length() - SUFFIX.length()), trial));
    } catch (JsonException e) { // cut short in a crash: it was not written
      byKey.remove(name);
    }
  }

  Optional<Trial> of(String key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /** How many there were of these trials. */
  int own() {
    return own;
  }

  void keep(String key, Trial trial) throws IOException {
    ByteBuffer entry = UTF_8.encode(JsonWriter.text(JsonStyle.COMPACT, trial.json()));
    folder.note(PREFIX + key + SUFFIX, entry.duplicate());
    if (cache.isPresent() && !trial.score().isFailed()) {
      cache.get().note(PREFIX + key + SUFFIX, entry);
    }
    byKey.put(key, trial);
  }
}
