package dev.stockpot.merge.part;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.StoredObject;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * One file that is copied as it is, by one task, so that all of its bytes pass one digest.
 *
 * @param tickets where its parts go, in order
 */
public record CopyTask(StoredObject source, List<PartTicket> tickets) implements Serializable {
  private static final String SHA256 = "sha256:";

  public CopyTask {
    requireNonNull(source, "source is null");
    tickets = List.copyOf(tickets);
    long bytes = tickets.stream().mapToLong(ticket -> ticket.range().length()).sum();
    if (bytes != source.size()) {
      throw new IllegalArgumentException(
          "parts of %s bytes for %s, which has %s"
              .formatted(bytes, source.location(), source.size()));
    }
  }

  /** The SHA-256 that its bytes must have, where its store says so. */
  Optional<String> expected() {
    return Optional.of(source.version())
        .filter(version -> version.startsWith(SHA256))
        .map(version -> version.substring(SHA256.length()));
  }

  /** Most bytes of a part. */
  public long partBytes() {
    return tickets.stream().mapToLong(ticket -> ticket.range().length()).max().orElse(0);
  }
}
