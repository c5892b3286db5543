package dev.stockpot.merge.run;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;

/**
 * Whether an output can be made, to be known before hours of trials.
 *
 * @param replaceable what of it may go
 */
record OutputRoom(ObjectStore store, Location output, Replaceable replaceable) {

  /**
   * Looks, and leaves all as it is.
   *
   * @param resumes whether what an earlier driver left is no obstacle, though it may have been
   *     killed when half of the output was to be seen
   * @throws dev.stockpot.merge.storage.OutputOccupiedException if something stands in the way
   */
  void require(boolean resumes) throws IOException {
    if (!resumes) {
      replaceable.requireNothingElse(output, store.tree(output, replaceable.enough()));
      return;
    }
    PendingFolder there = store.resume(output, replaceable);
    if (there.predecessor().isPresent() || !there.journal().isEmpty()) {
      there.keep();
    } else {
      there.close();
    }
  }
}
