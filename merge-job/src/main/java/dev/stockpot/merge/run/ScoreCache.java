package dev.stockpot.merge.run;

import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Scores that outlive their trials. They lie as those of unfinished trials do, beside a folder that
 * nothing is ever published into.
 *
 * @param folder none where nobody asked for it, or others use it now
 */
record ScoreCache(Optional<PendingFolder> folder) implements Closeable {
  /** Where it is to be. */
  static Optional<Location> place(Settings settings) {
    String place = settings.trials().scoreCache();
    return place.isEmpty() ? Optional.empty() : Optional.of(Location.typed(place));
  }

  /** Claims it; trials go on without it while others hold it. */
  static ScoreCache claim(ObjectStore store, Settings settings, Consumer<String> notices)
      throws IOException {
    Optional<Location> place = place(settings);
    if (place.isEmpty()) {
      return new ScoreCache(Optional.empty());
    }
    try {
      return new ScoreCache(Optional.of(store.resume(place.get(), Replaceable.UNTOUCHED)));
    } catch (OutputOccupiedException e) {
      notices.accept(
          "score-cache %s is used by other trials: these go on without it".formatted(place.get()));
      return new ScoreCache(Optional.empty());
    }
  }

  @Override
  public void close() throws IOException {
    if (folder.isPresent()) {
      folder.get().keep();
    }
  }
}
