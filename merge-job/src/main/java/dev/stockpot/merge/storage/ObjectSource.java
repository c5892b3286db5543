package dev.stockpot.merge.storage;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Objects that can be read, by location. It is sent to tasks. One contract test holds for every
 * implementation.
 */
public interface ObjectSource extends Serializable {

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

  /**
   * Names in a folder that {@link #list} and {@link #folders} leave out, because this process
   * cannot spell them: nothing that they name can be opened.
   */
  default List<String> unspelled(Location folder) throws IOException {
    return List.of();
  }

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
   * Whether reads of several objects should be under way at once: so where each waits for a
   * network, and not where they share a disk that is no faster for it.
   */
  boolean readsSideBySide(Location object);

  /**
   * The same for one merge: what it asks for is counted apart from what others ask for at the same
   * time, in every process that it is sent to.
   *
   * @param merge a name that no other merge has
   */
  default ObjectSource forMerge(String merge) {
    return this;
  }

  /**
   * Gives what is sent to tasks from now on addresses of objects that are not older than that,
   * where a store has such as run out. * A task that needs newer ones throws {@link
   * StaleAddressException}.
   */
  default void refresh(Duration age) throws IOException {}

  /**
   * Keeps what belongs to this merge in this process, such as its connections, until it is given
   * back: a merge holds it, and so does each of its tasks.
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

  /** What was asked for here, for this merge, since this was called last. */
  default StoreRequests takeRequests() {
    return StoreRequests.NONE;
  }
}
