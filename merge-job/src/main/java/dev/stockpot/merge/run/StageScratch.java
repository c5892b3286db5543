package dev.stockpot.merge.run;

import dev.stockpot.merge.Scratch;
import dev.stockpot.merge.commit.UnfinishedMerge;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Stages that lie beside outputs for a while, and go with the merge that takes them. */
final class StageScratch {
  private final ObjectStore store;
  private final Map<Location, MergeListener> outputs = new LinkedHashMap<>();

  StageScratch(ObjectStore store) {
    this.store = store;
  }

  /**
   * Remembers that a stage is written.
   *
   * @param output beside which it lies
   * @param listener hears if it cannot be removed
   */
  void add(Location output, MergeListener listener) {
    outputs.put(output, listener);
  }

  /** Removes all of them. */
  void remove() {
    outputs.forEach(
        (output, listener) -> {
          try {
            discard(store, output);
          } catch (IOException e) {
            listener.noticed(
                "%s could not be removed, and can go: %s"
                    .formatted(StageFolder.scratch(output), e.getMessage()));
          }
        });
  }

  /**
   * Gives up all that unfinished merges left beside an output: theirs, trials, stages and tables.
   *
   * @return whether there was anything
   */
  static boolean discardAll(ObjectStore store, String typed) throws IOException {
    Location output = Location.typed(typed);
    Scratch.sweep();
    boolean isMerge = UnfinishedMerge.discard(store, output);
    boolean isTrials = TrialFolders.of(output).discard(store);
    boolean isTable = new ScratchTable(store, output).remove();
    return discard(store, output) || isMerge || isTrials || isTable;
  }

  /**
   * Removes stages that were written beside an output for a while: what merges of ours wrote there,
   * and nothing else.
   *
   * @return whether there were any
   */
  static boolean discard(ObjectStore store, Location output) throws IOException {
    Location scratch = StageFolder.scratch(output);
    List<Location> stages;
    try {
      stages = store.folders(scratch);
    } catch (NoSuchFileException e) {
      return false;
    }
    for (Location stage : stages) {
      UnfinishedMerge.discard(store, stage);
      TrialFolders.remove(store, stage);
    }
    store.remove(scratch, Replaceable.of(Set.of()));
    return !stages.isEmpty();
  }
}
