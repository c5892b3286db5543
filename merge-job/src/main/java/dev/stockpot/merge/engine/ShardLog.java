package dev.stockpot.merge.engine;

import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.part.PartTimes;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows one shard, and logs one line of keys and values when its last part is there. */
final class ShardLog {
  private static final Logger LOG = LoggerFactory.getLogger(ShardLog.class);

  private final String file;
  private final int parts;
  private long begin = Long.MAX_VALUE;
  private int finished;
  private PartTimes times = PartTimes.NONE;

  ShardLog(String file, int parts) {
    this.file = file;
    this.parts = parts;
  }

  /** Takes a part, after it was committed. */
  void finished(PartResult part) {
    long now = System.nanoTime();
    begin = Math.min(begin, now - part.times().busy());
    times = times.plus(part.times());
    finished++;
    if (finished == parts) {
      ProcessTotals.finishedShard();
      LOG.info("{}", line((now - begin) / 1e9));
    }
  }

  /** One line. The time is that from the begin of its first part on. */
  String line(double seconds) {
    return String.format(
        Locale.ROOT,
        "shard-finished file=%s bytes=%d read-bytes=%d parts=%d seconds=%.3f task-seconds=%.3f GB/s=%.3f",
        file,
        times.bytesWritten(),
        times.bytesRead(),
        parts,
        seconds,
        times.busy() / 1e9,
        (times.bytesRead() + times.bytesWritten()) / 1e9 / seconds);
  }
}
