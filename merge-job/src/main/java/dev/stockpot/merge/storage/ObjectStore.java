package dev.stockpot.merge.storage;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/** Objects by location. It is sent to tasks. One contract test holds for every implementation. */
public interface ObjectStore extends Serializable {

  /**
   * The objects directly in a folder, by name; none of what lies in folders below it.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such folder, or an object of that name
   */
  List<StoredObject> list(Location folder) throws IOException;

  /**
   * The folders directly in a folder, by name.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such folder
   */
  List<Location> folders(Location folder) throws IOException;

  /** The object, or nothing if there is none of that name. */
  Optional<StoredObject> find(Location object) throws IOException;

  /**
   * Opens an object for range reads.
   *
   * @throws java.nio.file.NoSuchFileException if it is gone
   * @throws ObjectChangedException if it is not the version that was listed
   */
  RangeReader open(StoredObject object) throws IOException;

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

  /**
   * This store for one merge: what it asks for is counted apart from what others ask for at the
   * same time, in every process that it is sent to.
   *
   * @param merge a name that no other merge has
   */
  default ObjectStore forMerge(String merge) {
    return this;
  }

  /**
   * Keeps what belongs to this merge in this process, such as its connections, until it is given
   * back: a merge holds its store, and so does each of its tasks.
   */
  default Use use() {
    return () -> {};
  }

  /** What is kept for a merge in this process. */
  @FunctionalInterface
  interface Use extends AutoCloseable {
    @Override
    void close();
  }

  /** What this process has asked of remote stores since it started, for whatever merge. */
  default StoreRequests requests() {
    return StoreRequests.NONE;
  }

  /** What this store, for its merge, has asked for in this process since this was called last. */
  default StoreRequests takeRequests() {
    return StoreRequests.NONE;
  }
}
