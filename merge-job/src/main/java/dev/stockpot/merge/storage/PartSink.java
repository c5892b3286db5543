package dev.stockpot.merge.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the bytes of one part, in order. Closed before {@link #finish} it leaves no receipt. */
public interface PartSink extends Closeable {
  void write(ByteBuffer bytes) throws IOException;

  /**
   * The part is whole.
   *
   * @throws IOException if the bytes written are not as many as the part's range
   */
  PartReceipt finish() throws IOException;
}
