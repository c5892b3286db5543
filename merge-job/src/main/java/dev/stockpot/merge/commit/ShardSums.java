package dev.stockpot.merge.commit;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What a shard is made of, found in one reading of all its bytes.
 *
 * @param crc32c of each tensor by its name, in 8 digits
 * @param sha256 of the file, in 64 digits
 */
record ShardSums(Map<String, String> crc32c, String sha256) {
  private static final int BUFFER_BYTES = 1 << 20;

  ShardSums {
    crc32c = Map.copyOf(crc32c);
  }

  /**
   * Reads a shard.
   *
   * @param tensors that it holds, none of which overlap
   */
  static ShardSums of(ObjectSource store, StoredObject shard, Collection<TensorInfo> tensors)
      throws IOException {
    List<TensorInfo> inOrder =
        tensors.stream()
            .sorted(Comparator.comparingLong(tensor -> tensor.bytes().begin()))
            .toList();
    Map<String, String> crcs = new HashMap<>();
    Sha256 sha256 = new Sha256();
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try (RangeReader reader = store.open(shard)) {
      long at = 0;
      for (TensorInfo tensor : inOrder) {
        read(reader, at, tensor.bytes().begin(), buffer, sha256, new CRC32C());
        CRC32C crc = new CRC32C();
        read(reader, tensor.bytes().begin(), tensor.bytes().end(), buffer, sha256, crc);
        crcs.put(tensor.name(), digits(crc));
        at = tensor.bytes().end();
      }
      read(reader, at, shard.size(), buffer, sha256, new CRC32C());
    }
    return new ShardSums(crcs, sha256.hexadecimal());
  }

  private static void read(
      RangeReader reader, long begin, long end, ByteBuffer buffer, Sha256 sha256, CRC32C crc)
      throws IOException {
    for (long at = begin; at < end; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, end - at));
      reader.read(at, buffer);
      sha256.add(buffer.flip());
      crc.update(buffer);
    }
  }

  /** As manifests have it. */
  static String digits(CRC32C crc) {
    return String.format(Locale.ROOT, "%08x", (int) crc.getValue());
  }
}
