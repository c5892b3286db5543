package dev.stockpot.merge.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An output folder in the making, held by the driver. Closing one that was not published discards
 * it.
 */
public interface PendingFolder extends Closeable {

  /** Starts the upload of an object of that many bytes. */
  Upload startUpload(String name, long size) throws IOException;

  /**
   * Writes a small object. It is visible when the folder is.
   *
   * @param name plain, or with the names of folders in front: {@code 1_Pooling/config.json}
   */
  void put(String name, ByteBuffer content) throws IOException;

  /** Makes everything visible. The one step that a reader of the folder can see. */
  void publish() throws IOException;

  /** An object that is gathered from parts. */
  interface Upload {
    /** What a task needs to write one part, wherever it runs. */
    PartTicket ticket(int number, ByteRange range);

    /** Joins the parts. {@code receipts} has one for each part, in order. */
    void complete(List<PartReceipt> receipts) throws IOException;
  }
}
