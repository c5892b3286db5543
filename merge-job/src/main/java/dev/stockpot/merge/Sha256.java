package dev.stockpot.merge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, by which hubs, people and journals know what something is made of. */
public final class Sha256 {
  private final MessageDigest digest;

  /** Of nothing yet. */
  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Of a content, whose position stays where it is. */
  public static String of(ByteBuffer content) {
    Sha256 sha256 = new Sha256();
    sha256.add(content);
    return sha256.hexadecimal();
  }

  public static String of(String content) {
    return of(UTF_8.encode(content));
  }

  /** Of values in a row, as text: where one ends counts, too. */
  public static String of(Iterable<?> values) {
    Sha256 sha256 = new Sha256();
    values.forEach(sha256::addValue);
    return sha256.hexadecimal();
  }

  /** Adds the rest of a buffer, whose position stays where it is. */
  public void add(ByteBuffer content) {
    digest.update(content.duplicate());
  }

  /** Adds a value as text, and where it ends. */
  public void addValue(Object value) {
    digest.update(value.toString().getBytes(UTF_8));
    digest.update((byte) 0);
  }

  /** 64 digits of all that was added so far; more can be added. */
  public String soFar() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 of %s keeps its state".formatted(digest), e);
    }
  }

  /** 64 digits; it is of nothing again then. */
  public String hexadecimal() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
