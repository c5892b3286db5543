package dev.stockpot.merge.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.part.PartTimes;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartTicket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShardProgressTest {
  private static PartResult part(int number, Map<String, LostUpdates> updates) {
    return part(number, updates, Map.of());
  }

  private static PartResult part(
      int number, Map<String, LostUpdates> updates, Map<String, NonFinite> nonFinite) {
    PartTicket ticket =
        new PartTicket(new Location("shard"), "upload", number, new ByteRange(0, 8));
    return new PartResult(
        0, new PartReceipt(ticket, ""), List.of(), updates, nonFinite, Map.of(), PartTimes.NONE);
  }

  @Test
  void addsUpTheUpdatesOfATensorThatWasCutAndCountsAPartMadeTwiceOnce() {
    ShardProgress shard = new ShardProgress(3);
    PartResult first = part(1, Map.of("a", new LostUpdates(5, 1), "b", new LostUpdates(10, 4)));
    assertThat(shard.completes(first)).isFalse();
    assertThat(shard.completes(part(3, Map.of("b", new LostUpdates(2, 2))))).isFalse();
    assertThat(shard.completes(first)).isFalse();
    assertThat(shard.completes(part(2, Map.of("b", new LostUpdates(30, 0))))).isTrue();
    assertThat(shard.updates())
        .containsOnly(
            Map.entry("a", new LostUpdates(5, 1)), Map.entry("b", new LostUpdates(42, 6)));
  }

  @Test
  void addsUpWhatIsNotFiniteOfATensorThatWasCut() {
    ShardProgress shard = new ShardProgress(2);
    shard.completes(part(2, Map.of(), Map.of("b", new NonFinite(0, 1, 0, 5))));
    shard.completes(
        part(1, Map.of(), Map.of("b", new NonFinite(2, 1, 1, 0), "a", new NonFinite(1, 0, 0, 0))));
    assertThat(shard.nonFinite())
        .containsOnly(
            Map.entry("a", new NonFinite(1, 0, 0, 0)), Map.entry("b", new NonFinite(2, 2, 1, 5)));
  }
}
