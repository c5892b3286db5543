package dev.stockpot.merge.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An output folder in the making, held by the driver. Closing one that was neither published nor
 * kept discards it.
 *
 * <p>Its journal is a few small entries that outlive the driver and that nobody sees in the folder.
 * It begins with the first entry and ends when the folder is published or discarded.
 */
public interface PendingFolder extends Closeable {

  /** Who held the folder before and did not end, if that is known; nobody if it is new. */
  Optional<String> predecessor();

  /** Who took the folder over from this holder, and will publish it instead. */
  Optional<String> successor() throws IOException;

  /**
   * Looks whether the folder is still this holder's.
   *
   * @throws OutputOccupiedException if another merge took it over
   */
  void requireOurs() throws IOException;

  /** Entries of the journal that the predecessor left, by name. */
  Map<String, ByteBuffer> journal();

  /**
   * Adds an entry to the journal, or replaces the one of that name. It is there for good when this
   * returns.
   *
   * @throws OutputOccupiedException if another merge took the folder over
   */
  void note(String name, ByteBuffer entry) throws IOException;

  /**
   * Starts the upload of an object of that many bytes.
   *
   * @param name plain, or with the names of folders in front
   */
  Upload startUpload(String name, long size) throws IOException;

  /**
   * Goes on with an upload that the predecessor started.
   *
   * @param id as {@link Upload#id} gave it
   * @return nothing if the store is known to have lost it
   */
  Optional<Upload> continueUpload(String name, long size, String id) throws IOException;

  /**
   * Writes a small object. It is visible when the folder is; the last one appears last.
   *
   * @param content not to be changed until the folder is published
   * @param name plain, or with the names of folders in front: {@code 1_Pooling/config.json}
   */
  void put(String name, ByteBuffer content) throws IOException;

  /**
   * Makes everything visible. The one step that a reader of the folder can see.
   *
   * @throws OutputOccupiedException if another merge took the folder over, or filled it
   */
  void publish() throws IOException;

  /**
   * Writes small objects, and makes everything visible.
   *
   * @param small by name, not to be changed; the last one appears last
   */
  default void publish(Map<String, ByteBuffer> small) throws IOException {
    for (Map.Entry<String, ByteBuffer> object : small.entrySet()) {
      put(object.getKey(), object.getValue());
    }
    publish();
  }

  /**
   * Closes the folder, but keeps its journal and the uploads that are complete, for {@link
   * ObjectStore#resume}. All other uploads are aborted. If nothing was done since it was resumed,
   * it is again its predecessor's.
   *
   * @return whether it was kept; not, if publishing it failed in the middle, so that all is lost
   */
  boolean keep() throws IOException;

  /** An object that is gathered from parts. */
  interface Upload {
    /** The store's own name of the upload. */
    String id();

    /**
     * What is there of an upload that the predecessor finished, where it is a file that anything
     * may have happened to since; nothing where the store answers for the parts that it has.
     */
    default Optional<RangeReader> written() throws IOException {
      return Optional.empty();
    }

    /** What a task needs to write one part, wherever it runs. */
    PartTicket ticket(int number, ByteRange range);

    /** Joins the parts, for good. {@code receipts} has one for each part, in order. */
    void complete(List<PartReceipt> receipts) throws IOException;

    /** Discards the upload with its parts. The folder no longer waits for it. */
    void abort() throws IOException;
  }
}
