package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.storage.StoreRequests;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.statistics.IOStatisticsSource;
import org.apache.hadoop.fs.statistics.StoreStatisticNames;

/** Requests as file systems count them. */
final class CountedRequests {
  private CountedRequests() {}

  /** Those of a file system since it was opened; none where it does not count. */
  static StoreRequests of(FileSystem files) {
    return files instanceof IOStatisticsSource source && source.getIOStatistics() != null
        ? of(source.getIOStatistics().counters())
        : StoreRequests.NONE;
  }

  private static StoreRequests of(Map<String, Long> counters) {
    return new StoreRequests(
        counters.getOrDefault(StoreStatisticNames.ACTION_HTTP_GET_REQUEST, 0L),
        0,
        counters.getOrDefault(StoreStatisticNames.STORE_IO_REQUEST, 0L),
        counters.getOrDefault(StoreStatisticNames.STORE_IO_RETRY, 0L));
  }
}
