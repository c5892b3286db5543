package dev.stockpot.merge.commit;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.commit.MergeJournal.FinishedShard;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.RangeReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A file that an earlier merge finished.
 *
 * @param reader nothing where the store answers for it
 */
record FinishedFile(Optional<RangeReader> reader) implements Closeable {
  private static final int BUFFER_BYTES = 1 << 20;

  /**
   * Whether it is what was written down when it was finished.
   *
   * @param front what it begins with; null if that is not known
   */
  boolean isAs(OutputShard planned, ByteBuffer front, FinishedShard written) throws IOException {
    if (reader.isEmpty()) {
      return true;
    }
    if (front != null) {
      ByteBuffer found = ByteBuffer.allocate(front.remaining());
      reader.get().read(0, found);
      if (!found.flip().equals(front)) {
        return false;
      }
    }
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    if (planned.tensors().isEmpty() && !written.sha256().isEmpty()) {
      return written.sha256().equals(sha256(planned.size(), buffer));
    }
    for (OutputShard.Placed placed : planned.tensors()) {
      Integer known = written.checksums().get(placed.tensor().output().name());
      if (known == null || known != crc32c(placed.bytes(), buffer)) {
        return false;
      }
    }
    return true;
  }

  private String sha256(long size, ByteBuffer buffer) throws IOException {
    Sha256 digest = new Sha256();
    for (long at = 0; at < size; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, size - at));
      reader.orElseThrow().read(at, buffer);
      digest.add(buffer.flip());
    }
    return digest.hexadecimal();
  }

  private int crc32c(ByteRange bytes, ByteBuffer buffer) throws IOException {
    CRC32C crc = new CRC32C();
    for (long at = bytes.begin(); at < bytes.end(); at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, bytes.end() - at));
      reader.orElseThrow().read(at, buffer);
      crc.update(buffer.flip());
    }
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    if (reader.isPresent()) {
      reader.get().close();
    }
  }
}
