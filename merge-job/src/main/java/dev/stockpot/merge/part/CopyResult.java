package dev.stockpot.merge.part;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.storage.PartReceipt;
import java.io.Serializable;
import java.util.List;

/**
 * A file that was copied.
 *
 * @param receipts of its parts, in order
 * @param sha256 of its bytes, as 64 hexadecimal digits
 */
public record CopyResult(List<PartReceipt> receipts, String sha256) implements Serializable {
  public CopyResult {
    receipts = List.copyOf(receipts);
    requireNonNull(sha256, "sha256 is null");
  }
}
