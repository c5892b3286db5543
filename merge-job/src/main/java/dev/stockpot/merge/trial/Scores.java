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
  private final Map<String, Trial> byKey = new HashMap<>();

  Scores(PendingFolder folder) {
    this.folder = folder;
    folder.journal().forEach((name, entry) -> read(name, entry));
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

  /** How many there are. */
  int size() {
    return byKey.size();
  }

  void keep(String key, Trial trial) throws IOException {
    folder.note(
        PREFIX + key + SUFFIX, UTF_8.encode(JsonWriter.text(JsonStyle.COMPACT, trial.json())));
    byKey.put(key, trial);
  }
}
