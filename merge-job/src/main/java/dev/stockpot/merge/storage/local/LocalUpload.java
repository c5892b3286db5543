package dev.stockpot.merge.storage.local;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder.Upload;
import dev.stockpot.merge.storage.RangeReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file whose parts are written into their places.
 *
 * @param name in the folder that it is for
 * @param size of the whole file, in bytes
 * @param scheme what the locations in tickets begin with
 * @param over is told when the folder has no more to wait for
 */
record LocalUpload(String name, Path file, long size, String scheme, Runnable over)
    implements Upload {
  @Override
  public String id() {
    return name;
  }

  @Override
  public Optional<RangeReader> written() throws IOException {
    return Optional.of(new LocalReader(new Location(scheme + file), FileChannel.open(file, READ)));
  }

  @Override
  public PartTicket ticket(int number, ByteRange range) {
    if (range.end() > size) {
      throw new IllegalArgumentException(
          "%s has %s bytes, part %s ends at %s".formatted(name, size, number, range.end()));
    }
    return new PartTicket(new Location(scheme + file), name, number, range);
  }

  @Override
  public void complete(List<PartReceipt> receipts) throws IOException {
    PartReceipt.requireWhole(name, size, receipts);
    try (FileChannel channel = FileChannel.open(file, WRITE)) {
      channel.force(true);
    }
    over.run();
  }

  @Override
  public void abort() throws IOException {
    over.run();
    Files.deleteIfExists(file);
  }
}
