package dev.stockpot.merge.part;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.storage.PartTicket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * SHA-256 of files while one task makes them: all of their parts, one after the other. Of a file
 * whose parts come otherwise nothing is known.
 */
public final class FileDigests {
  private static final String UNKNOWN = "";

  private final Map<String, Running> files = new HashMap<>();

  /** A file up to where it was digested. */
  private static final class Running {
    private final Sha256 digest = new Sha256();
    private long end;
  }

  /**
   * Adds bytes of a part.
   *
   * @param written bytes of the part that were added before
   */
  void add(PartTicket ticket, long written, ByteBuffer bytes) {
    Running file = files.computeIfAbsent(name(ticket), any -> new Running());
    if (file.end == ticket.range().begin() + written) {
      file.digest.add(bytes);
      file.end += bytes.remaining();
    }
  }

  /** 64 digits of all bytes of its file up to the end of a part; empty if that is not known. */
  String upTo(PartTicket ticket) {
    Running file = files.get(name(ticket));
    return file != null && file.end == ticket.range().end() ? file.digest.soFar() : UNKNOWN;
  }

  private static String name(PartTicket ticket) {
    return ticket.target() + " " + ticket.upload();
  }
}
