package dev.stockpot.merge.hub;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.io.Serializable;
import java.util.Optional;

/**
 * A file of a repository at a commit.
 *
 * @param size in bytes
 * @param digest how the hub names its content: the SHA-256 of a large file (64 hexadecimal digits),
 *     the SHA-1 that git has of a small one (40); empty where nobody has said
 */
record HubFile(long size, String digest) implements Serializable {
  private static final int SHA256_DIGITS = 64;

  HubFile {
    requireNonNull(digest, "digest is null");
    if (size < 0 || !digest.matches("|[0-9a-f]{40}|[0-9a-f]{64}")) {
      throw new IllegalArgumentException("%s bytes, digest '%s'".formatted(size, digest));
    }
  }

  /** The SHA-256 of its bytes, where the hub has it. */
  Optional<String> sha256() {
    return Optional.of(digest).filter(digits -> digits.length() == SHA256_DIGITS);
  }

  /** The same whether it is in the cache or not, so that merges of both are one merge. */
  StoredObject at(Location location) {
    String version = digest.isEmpty() ? "" : (sha256().isPresent() ? "sha256:" : "git:") + digest;
    return new StoredObject(location, size, version);
  }
}
