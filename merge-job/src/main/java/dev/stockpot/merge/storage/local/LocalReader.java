package dev.stockpot.merge.storage.local;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.RangeReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Reads a file through a channel of its own: Spark stops a task by an interrupt, which closes the
 * channel that the task is using.
 */
final class LocalReader implements RangeReader {
  private final Location location;
  private final FileChannel channel;

  LocalReader(Location location, FileChannel channel) {
    this.location = location;
    this.channel = channel;
  }

  @Override
  public void read(long position, ByteBuffer into) throws IOException {
    long next = position;
    while (into.hasRemaining()) {
      int count = channel.read(Steps.next(into), next);
      if (count < 0) {
        throw new EOFException(
            "%s ends at byte %s, %s more were wanted".formatted(location, next, into.remaining()));
      }
      into.position(into.position() + count);
      next += count;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
