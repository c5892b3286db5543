package dev.stockpot.merge.storage;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;

/** Objects that can be read, and folders that can be written. */
public interface ObjectStore extends ObjectSource {

  /**
   * Claims an output folder. Nothing is visible there before {@link PendingFolder#publish}.
   *
   * @param overwrite whether a folder that holds something may be replaced
   * @throws OutputOccupiedException if the folder holds something, if another merge is writing it,
   *     or if one did and was not finished
   */
  PendingFolder create(Location folder, boolean overwrite) throws IOException;

  /**
   * Claims an output folder with what an unfinished merge left there. If there is nothing of that
   * kind, the same as {@link #create}.
   *
   * <p>Where nobody can tell a dead holder from a slow one, the folder is taken from it; if it
   * lives after all, it can no longer publish.
   *
   * @throws OutputOccupiedException if the folder holds something, if another merge is known to be
   *     writing it, or is just taking it over as well
   */
  PendingFolder resume(Location folder, boolean overwrite) throws IOException;

  /**
   * Opens a part of an upload for writing, on any machine, as often as need be.
   *
   * @param memory for stores that hold a part until it is uploaded: at most the part's length in
   *     whole pages, given back when the sink is closed
   */
  PartSink open(PartTicket ticket, BufferAllocator memory) throws IOException;
}
