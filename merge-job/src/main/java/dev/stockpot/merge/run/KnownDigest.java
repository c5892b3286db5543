package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.storage.StoredObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a store says of the bytes of a file, as its version: {@code sha256:…}, or {@code git:…},
 * which is the SHA-1 of git's form of it.
 */
record KnownDigest(String kind, String digits) {
  private static final String GIT = "git";
  private static final String SHA256 = "sha256";

  /** Nothing where a version is something else. */
  static Optional<KnownDigest> of(StoredObject file) {
    String version = file.version();
    int colon = version.indexOf(':');
    String kind = version.substring(0, Math.max(0, colon));
    return kind.equals(GIT) || kind.equals(SHA256)
        ? Optional.of(new KnownDigest(kind, version.substring(colon + 1)))
        : Optional.empty();
  }

  boolean isSha256() {
    return kind.equals(SHA256);
  }

  /** Whether a content has it. */
  boolean isOf(byte[] content) {
    MessageDigest digest = digest(kind.equals(GIT) ? "SHA-1" : "SHA-256");
    if (kind.equals(GIT)) {
      digest.update("blob %s\0".formatted(content.length).getBytes(UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest(content)).equals(digits);
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
