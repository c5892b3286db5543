package dev.stockpot.merge.commit;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digest by which hubs and people know a file. */
final class Sha256 {
  private Sha256() {}

  /** Of the rest of a buffer, as 64 hexadecimal digits. */
  static String of(ByteBuffer content) {
    MessageDigest digest = digest();
    digest.update(content);
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
