package dev.stockpot.merge.commit;

import java.util.Map;

/**
 * What the bytes of an output were when they were made.
 *
 * @param crc32c of each tensor, by its key in its shard
 * @param sha256 of each shard, by its file, in 64 digits; of none where nobody asked
 * @param copies of files beside them that were too large to be held, by name
 */
public record OutputSums(
    Map<String, Integer> crc32c, Map<String, String> sha256, Map<String, ListedFile> copies) {
  public OutputSums {
    crc32c = Map.copyOf(crc32c);
    sha256 = Map.copyOf(sha256);
    copies = Map.copyOf(copies);
  }

  /** Of an output whose files beside the shards are all small. */
  OutputSums(Map<String, Integer> crc32c, Map<String, String> sha256) {
    this(crc32c, sha256, Map.of());
  }
}
