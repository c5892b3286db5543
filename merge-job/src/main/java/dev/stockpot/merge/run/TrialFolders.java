package dev.stockpot.merge.run;

import dev.stockpot.merge.commit.EarlierOutput;
import dev.stockpot.merge.commit.UnfinishedMerge;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What lies beside an output while trials choose it.
 *
 * @param scores claimed by who runs the trials; holds the scores that were paid for
 * @param candidates each in a folder of its own, as long as it is evaluated
 */
record TrialFolders(Location scores, Location candidates) {
  static TrialFolders of(Location output) {
    return new TrialFolders(
        new Location(output.path() + "-trials"), new Location(output.path() + "-candidates"));
  }

  Location candidate(String id) {
    return candidates.child(id);
  }

  /**
   * Claims the folder of scores, with those of an earlier run, or with none; then no candidates are
   * there either.
   */
  PendingFolder claim(ObjectStore store, boolean goesOn) throws IOException {
    if (goesOn) {
      return store.resume(scores, Replaceable.NOTHING);
    }
    PendingFolder claimed = store.create(scores, Replaceable.NOTHING);
    try {
      Replaceable.NOTHING.requireNothingElse(
          candidates, store.tree(candidates, Replaceable.NOTHING.enough()));
      return claimed;
    } catch (IOException e) {
      claimed.close();
      throw e;
    }
  }

  /** Removes a candidate: what a merge of ours wrote there, and nothing else. */
  static void remove(ObjectStore store, Location candidate) throws IOException {
    Replaceable ours = EarlierOutput.in(store, candidate);
    Set<String> rest = new HashSet<>(ours.entries());
    rest.remove(EarlierOutput.LIST); // which says what is ours, and so goes last
    store.remove(candidate, Replaceable.of(rest));
    store.remove(candidate, ours);
  }

  /**
   * Removes candidates, also those that were not finished.
   *
   * @param kept names of those that stay
   */
  void removeCandidates(ObjectStore store, Set<String> kept) throws IOException {
    for (Location candidate : foldersThere(store)) {
      if (!kept.contains(candidate.name())) {
        UnfinishedMerge.discard(store, candidate);
        remove(store, candidate);
      }
    }
    if (kept.isEmpty()) {
      store.remove(candidates, Replaceable.of(Set.of()));
    }
  }

  /** Also of those that a run began which is dead, and that nobody asks for again. */
  private Set<Location> foldersThere(ObjectStore store) throws IOException {
    try {
      Set<Location> there = new LinkedHashSet<>(store.unfinished(candidates));
      for (Location candidate : store.folders(candidates)) {
        if (!candidate.name().startsWith(".")) { // which lies beside one while it is made
          there.add(candidate);
        }
      }
      return there;
    } catch (NoSuchFileException e) {
      return Set.of();
    }
  }

  /**
   * Gives up trials that were not finished.
   *
   * @return whether there were any
   */
  boolean discard(ObjectStore store) throws IOException {
    boolean isThere = UnfinishedMerge.discard(store, scores);
    if (isThere) {
      removeCandidates(store, Set.of());
    }
    return isThere;
  }
}
