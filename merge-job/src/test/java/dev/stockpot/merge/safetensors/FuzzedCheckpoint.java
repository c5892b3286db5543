package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Headers and indexes of any bytes: they are taken, or refused in words. */
public final class FuzzedCheckpoint {
  private static final Location FILE = new Location("/m/model.safetensors");

  private FuzzedCheckpoint() {}

  /** A file that begins with the bytes; what its tensors would fill is there. */
  public static void header(byte[] bytes) throws IOException {
    for (long size : new long[] {bytes.length, bytes.length + 64L}) {
      try {
        ShardHeader.parse(new StoredObject(FILE, size, "1"), new Bytes(bytes, size));
      } catch (CorruptShardException e) {
        requireWords(e);
      }
    }
  }

  /** The text of an index. */
  public static void index(byte[] bytes) {
    try {
      ShardIndex.parse(FILE, bytes);
    } catch (CorruptShardException e) {
      requireWords(e);
    }
  }

  private static void requireWords(CorruptShardException refusal) {
    if (refusal.getMessage().isBlank()) {
      throw new AssertionError("a refusal without words", refusal);
    }
  }

  private static final class Bytes implements RangeReader {
    private final byte[] bytes;
    private final long size;

    Bytes(byte[] bytes, long size) {
      this.bytes = bytes;
      this.size = size;
    }

    @Override
    public void read(long position, ByteBuffer into) throws IOException {
      if (into.remaining() > size - position) {
        throw new EOFException("%s bytes from %s".formatted(into.remaining(), position));
      }
      for (int at = (int) position; into.hasRemaining(); at++) {
        into.put(at < bytes.length ? bytes[at] : 0);
      }
    }

    @Override
    public void close() {}
  }
}
