package dev.stockpot.merge.commit;

import java.util.Map;

/**
 * What the bytes of an output were when they were made.
 *
 * @param crc32c of each tensor, by its key in its shard
 * @param sha256 of each shard, by its file, in 64 digits; of none where nobody asked
 */
public record OutputSums(Map<String, Integer> crc32c, Map<String, String> sha256) {
  public OutputSums {
    crc32c = Map.copyOf(crc32c);
    sha256 = Map.copyOf(sha256);
  }
}
