package dev.stockpot.merge.storage;

import java.io.IOException;
import java.io.Serializable;

/**
 * The right to write one part of an upload.
 *
 * @param target where the upload gathers its bytes
 * @param upload the store's own name of the upload
 * @param number of the part, from 1
 * @param range of the object that the part fills
 */
public record PartTicket(Location target, String upload, int number, ByteRange range)
    implements Serializable {
  public PartTicket {
    if (number < 1) {
      throw new IllegalArgumentException("%s has no part %s".formatted(target, number));
    }
  }

  /**
   * Checks that more bytes fit the part, for a {@link PartSink} before it writes them.
   *
   * @throws IOException if they do not
   */
  public void requireRoom(long written, long more) throws IOException {
    if (more > range.length() - written) {
      throw new IOException(
          "%s gets %s bytes, but has only %s".formatted(this, written + more, range.length()));
    }
  }

  /**
   * Checks that a part is whole, for a {@link PartSink} that is to be finished.
   *
   * @throws IOException if it is not
   */
  public void requireWhole(long written) throws IOException {
    if (written != range.length()) {
      throw new IOException("%s got %s bytes, but has %s".formatted(this, written, range.length()));
    }
  }

  @Override
  public String toString() {
    return "part %s of %s, bytes %s".formatted(number, target, range);
  }
}
