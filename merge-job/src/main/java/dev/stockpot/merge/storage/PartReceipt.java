package dev.stockpot.merge.storage;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * Proof that a part was uploaded.
 *
 * @param handle what the store wants to see on completion; empty where it wants nothing
 */
public record PartReceipt(PartTicket ticket, String handle) implements Serializable {
  public PartReceipt {
    requireNonNull(ticket, "ticket is null");
    requireNonNull(handle, "handle is null");
  }

  /**
   * Checks that the parts of an upload are the whole object, for an {@link PendingFolder.Upload}
   * that is to be completed.
   *
   * @throws IOException if a part is missing, is there twice or belongs to another upload
   */
  public static void requireWhole(String upload, long size, List<PartReceipt> receipts)
      throws IOException {
    long end = 0;
    for (PartReceipt receipt : receipts) {
      PartTicket ticket = receipt.ticket();
      if (!ticket.upload().equals(upload)) {
        throw new IOException("%s is not of upload %s".formatted(ticket, upload));
      }
      if (ticket.range().begin() != end) {
        throw new IOException(
            "%s does not follow the part before, which ends at byte %s".formatted(ticket, end));
      }
      end = ticket.range().end();
    }
    if (end != size) {
      throw new IOException(
          "the parts of upload %s end at byte %s, the object at %s".formatted(upload, end, size));
    }
  }
}
