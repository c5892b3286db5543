package dev.stockpot.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.part.PartTimes;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartTicket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShardLogTest {
  @Test
  void aLineHasAllPartsInIt() {
    ShardLog log = new ShardLog("model-00001-of-00002.safetensors", 2);
    PartTimes times =
        new PartTimes(9, 1_000_000_000, 500_000_000, 500_000_000, 3_000_000_000L, 1_000_000_000);
    for (int number = 1; number <= 2; number++) {
      PartTicket ticket =
          new PartTicket(new Location("/out/a"), "upload", number, new ByteRange(0, 1));
      log.finished(
          new PartResult(
              0, new PartReceipt(ticket, ""), List.of(), Map.of(), Map.of(), Map.of(), times));
    }

    assertThat(log.line(4))
        .isEqualTo(
            "shard-finished file=model-00001-of-00002.safetensors bytes=2000000000 read-bytes=6000000000"
                + " parts=2 seconds=4.000 task-seconds=4.000 GB/s=2.000");
  }
}
