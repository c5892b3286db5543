package dev.stockpot.merge.storage;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/** Objects that can be read, and folders that can be written. */
public interface ObjectStore extends ObjectSource {

  /**
   * Names of all that lies in a folder and below it, with slashes between names of folders and
   * files. Links are not followed. An empty folder has a slash at its end, where a store has such.
   *
   * @param most how many are enough
   * @return none if there is no such folder
   */
  Set<String> tree(Location folder, int most) throws IOException;

  /**
   * Claims an output folder. Nothing is visible there before {@link PendingFolder#publish}.
   *
   * @param replaceable what may be there, and goes when the new folder is published
   * @throws OutputOccupiedException if the folder holds something else, if another merge is writing
   *     it, or if one did and was not finished
   */
  PendingFolder create(Location folder, Replaceable replaceable) throws IOException;

  /**
   * Claims an output folder with what an unfinished merge left there. If there is nothing of that
   * kind, the same as {@link #create}.
   *
   * <p>Where nobody can tell a dead holder from a slow one, the folder is taken from it; if it
   * lives after all, it can no longer publish.
   *
   * @throws OutputOccupiedException if the folder holds something else, if another merge is known
   *     to be writing it, or is just taking it over as well
   */
  PendingFolder resume(Location folder, Replaceable replaceable) throws IOException;

  /**
   * The output folders directly in a folder that were claimed and not finished, by name, whether
   * somebody works on them or not. Nothing of them is visible, so {@link #folders} may leave them
   * out.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such folder
   */
  List<Location> unfinished(Location folder) throws IOException;

  /**
   * Deletes what of a folder may go, and the folders that nothing is left in, itself included. All
   * else stays.
   *
   * @param doomed what may go; nothing happens if there is no such folder
   */
  void remove(Location folder, Replaceable doomed) throws IOException;

  /**
   * Opens a part of an upload for writing, on any machine, as often as need be.
   *
   * @param memory for stores that hold a part until it is uploaded: at most the part's length in
   *     whole pages, given back when the sink is closed
   */
  PartSink open(PartTicket ticket, BufferAllocator memory) throws IOException;

  @Override
  default ObjectStore forMerge(String merge) {
    return this;
  }
}
