package dev.stockpot.merge.storage.local;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the folder that was gathered into its place, and what lay there out of it.
 *
 * @param replaceable what may go
 */
record FolderSwap(OutputPlace place, Replaceable replaceable) {
  private static final Logger LOG = LoggerFactory.getLogger(FolderSwap.class);

  /**
   * The step that a reader sees.
   *
   * @throws OutputOccupiedException if the folder was filled since it was claimed
   */
  void make() throws IOException {
    if (replaceable.isAsked() && Files.exists(place.out())) {
      replace();
    } else {
      rename();
    }
  }

  private void rename() throws IOException {
    try {
      Files.move(place.files(), place.out(), ATOMIC_MOVE); // an empty folder gives way
    } catch (FileSystemException e) {
      // it may have been filled since it was claimed
      Replaceable.NOTHING.requireNothingElse(place.folder(), FileTree.entries(place.out(), 1));
      throw e;
    }
  }

  private void replace() throws IOException {
    Path out = place.out();
    Path old = place.old();
    requireNoneOfOurNames();
    place.writeDoomed(replaceable);
    Files.move(out, old, ATOMIC_MOVE);
    try {
      Files.move(place.files(), out, ATOMIC_MOVE);
    } catch (IOException e) {
      try {
        Files.move(old, out, ATOMIC_MOVE);
      } catch (IOException notRestored) {
        e.addSuppressed(notRestored);
      }
      throw e;
    }
  }

  /** What appeared in the folder since it was claimed stays there, beside the new files. */
  private void requireNoneOfOurNames() throws IOException {
    Set<String> there = FileTree.entries(place.out(), Integer.MAX_VALUE);
    List<String> blocking =
        replaceable.foreign(there).stream()
            .filter(entry -> FileTree.blocks(place.files(), entry))
            .toList();
    if (!blocking.isEmpty()) {
      throw new OutputOccupiedException(
          "%s holds %s, since this merge began, where its own would lie. Move them elsewhere and merge again"
              .formatted(place.folder(), Replaceable.described(blocking)));
    }
  }

  /** The merge is published: what goes wrong from here on is no reason to call it failed. */
  void forget() {
    Path old = place.old();
    try {
      if (!FileTree.settle(old, place.out(), replaceable)) {
        LOG.warn("{} was replaced; what appeared in it meanwhile is in {}", place.folder(), old);
      }
    } catch (IOException e) {
      LOG.warn(
          "{} was replaced; what it was could not be deleted. Delete {}", place.folder(), old, e);
    }
  }
}
