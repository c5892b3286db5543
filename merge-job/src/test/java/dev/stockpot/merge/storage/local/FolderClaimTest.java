package dev.stockpot.merge.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.OutputOccupiedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One holder at a time, in this process; what another process left is no obstacle. */
class FolderClaimTest {
  private static final Location OUT = new Location("out");

  @TempDir private Path root;

  private Path staging() {
    return root.resolve(".out.stockpot");
  }

  @Test
  void makesTheFolderAndTakesItAway() throws IOException {
    try (FolderClaim claim = FolderClaim.acquire(staging(), OUT)) {
      assertThat(staging().resolve("lock")).exists();
      assertThat(claim.predecessor()).isEmpty();
    }
    assertThat(staging()).doesNotExist();
  }

  @Test
  void aSecondOneIsRefusedUntilTheFirstIsOver() throws IOException {
    FolderClaim first = FolderClaim.acquire(staging(), OUT);
    assertThatThrownBy(() -> FolderClaim.acquire(staging(), OUT))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessage(
            "Another merge in this process is writing out. Wait until it is done, or name another"
                + " folder");
    assertThat(staging().resolve("lock")).exists();
    first.close();
    FolderClaim.acquire(staging(), OUT).close();
  }

  @Test
  void foldersBesideAreClaimedForThemselves() throws IOException {
    try (FolderClaim one = FolderClaim.acquire(staging(), OUT);
        FolderClaim other = FolderClaim.acquire(root.resolve(".other"), new Location("other"))) {
      assertThat(one).isNotSameAs(other);
    }
  }

  @Test
  void whoDiedIsNamedAndWhoEndedIsNot() throws IOException {
    Files.createDirectories(staging());
    Files.writeString(staging().resolve("lock"), "process 7@elsewhere, since yesterday");
    try (FolderClaim claim = FolderClaim.acquire(staging(), OUT)) {
      assertThat(claim.predecessor()).hasValue("process 7@elsewhere, since yesterday");
      assertThat(Files.readString(staging().resolve("lock")))
          .startsWith("process " + ProcessHandle.current().pid());
    }
    try (FolderClaim claim = FolderClaim.acquire(staging(), OUT)) {
      assertThat(claim.predecessor()).isEmpty();
    }
  }

  @Test
  void aLockOfHostileLengthIsReadInPart() throws IOException {
    Files.createDirectories(staging());
    Files.writeString(staging().resolve("lock"), "x".repeat(5_000_000));
    try (FolderClaim claim = FolderClaim.acquire(staging(), OUT)) {
      assertThat(claim.predecessor().orElseThrow()).hasSize(1_000);
      assertThat(Files.size(staging().resolve("lock"))).isLessThan(200);
    }
  }

  @Test
  void whatElseLiesThereStays() throws IOException {
    FolderClaim claim = FolderClaim.acquire(staging(), OUT);
    Files.writeString(staging().resolve("journal"), "of a merge that was kept");
    claim.close();
    assertThat(staging().resolve("journal")).exists();
    assertThat(staging().resolve("lock")).doesNotExist();
  }

  @Test
  void aFileInItsPlaceIsAFaultAndNoClaim() throws IOException {
    Files.writeString(staging(), "in the way");
    assertThatThrownBy(() -> FolderClaim.acquire(staging(), OUT)).isInstanceOf(IOException.class);
    Files.delete(staging());
    FolderClaim.acquire(staging(), OUT).close(); // and was given back
  }

  @Test
  void ofManyThreadsOneHasItAtATime() throws Exception {
    int threads = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger had = new AtomicInteger();
    Callable<Void> claiming =
        () -> {
          for (int round = 0; round < 50; round++) {
            try (FolderClaim claim = FolderClaim.acquire(staging(), OUT)) {
              most.accumulateAndGet(holders.incrementAndGet(), Math::max);
              assertThat(claim.predecessor()).isEmpty();
              had.incrementAndGet();
              holders.decrementAndGet();
            } catch (OutputOccupiedException e) {
              Thread.onSpinWait();
            }
          }
          return null;
        };
    for (Future<Void> thread : pool.invokeAll(Collections.nCopies(threads, claiming))) {
      thread.get();
    }
    pool.shutdown();
    assertThat(most).hasValue(1);
    assertThat(had.get()).isPositive();
    FolderClaim.acquire(staging(), OUT).close();
  }
}
