package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.hadoop.S3Wire.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole merges while S3 fails: they give the same bytes, or nothing and a reason. */
class FailuresOnS3Test {
  @TempDir private static Path local;
  private static S3Merges merges;

  @BeforeAll
  static void putModelsOnS3() throws Exception {
    merges = new S3Merges(local);
    merges.undisturbed();
  }

  @AfterAll
  static void stop() throws IOException {
    merges.close();
  }

  @BeforeEach
  void forget() {
    merges.server().forget();
  }

  private static void breaks(Predicate<String> request, Fault fault) {
    merges.server().breaks(request, fault, Integer.MAX_VALUE);
  }

  private static boolean isPart(String request) {
    return request.startsWith("PUT") && request.contains("partNumber=");
  }

  private static boolean isRead(String request) {
    return request.startsWith("GET") && request.contains(".safetensors");
  }

  private static Predicate<String> everyNth(int n, Predicate<String> request) {
    AtomicInteger count = new AtomicInteger();
    return sent -> request.test(sent) && count.incrementAndGet() % n == 0;
  }

  @Test
  void busyServersBrokenConnectionsShortAnswersAndSlowPartsChangeNothing() throws IOException {
    breaks(everyNth(9, any -> true), Fault.SLOW_DOWN);
    breaks(everyNth(10, any -> true), Fault.RESET);
    breaks(everyNth(3, FailuresOnS3Test::isRead), Fault.CUT_ANSWER);
    breaks(everyNth(2, FailuresOnS3Test::isPart), Fault.DELAY);
    merges.merge(merges.out("faults")).succeeds();

    merges.assertWhole("faults");
  }

  @Test
  void aCompletionWhoseAnswerIsLostIsDone() throws IOException {
    merges
        .server()
        .breaks(
            request -> request.startsWith("POST") && request.contains("uploadId="),
            Fault.LOSE_ANSWER,
            Integer.MAX_VALUE);
    merges.merge(merges.out("unanswered")).succeeds();

    merges.assertWhole("unanswered");
  }

  @Test
  void aPartThatFailsForGoodEndsTheMergeAndLeavesNothing() throws IOException {
    String shard = merges.shards().get(1);
    breaks(request -> isPart(request) && request.contains(shard), Fault.RESET);
    CommandLineRun run = merges.merge(merges.out("failed"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("A task failed, also when it was tried again", shard)
        .doesNotContain("fault of Stockpot", "\tat ", "are kept");
    merges.assertNothing("failed");
  }

  @Test
  void withResumeFinishedShardsOutliveAFailureAndAreGoneOnWithOrDiscarded() throws IOException {
    Location out = merges.out("kept");
    String broken = merges.shards().get(0);
    breaks(request -> isPart(request) && request.contains(broken), Fault.RESET);
    CommandLineRun failed = merges.merge(out, "--resume", "--set", "tasks=1");
    int kept = merges.server().uploadsBelow(out).size();

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(kept).isPositive();
    assertThat(failed.err())
        .contains(
            "%s of %s shards are kept: merge again with --resume, or give them up: stockpot discard %s"
                .formatted(kept, merges.shards().size(), out));
    assertThat(merges.server().objectsBelow(out)).isEmpty();

    CommandLineRun.of("discard", out).succeeds();
    merges.assertNothing("kept");
  }

  @Test
  void anInputThatIsReplacedWhileItIsReadIsNamed() throws IOException {
    Location input = merges.models().child("math").child("model.safetensors");
    byte[] content = merges.server().read(input);
    AtomicInteger reads = new AtomicInteger();
    breaks(
        request -> {
          if (isRead(request)
              && request.contains("/math/")
              && reads.incrementAndGet() == 3) { // the header was read, and something else
            byte[] other = content.clone();
            other[other.length - 2] ^= 1;
            merges.server().write(input, other);
          }
          return false;
        },
        Fault.RESET);
    CommandLineRun run = merges.merge(merges.out("replaced"));
    merges.server().write(input, content);

    assertThat(reads).hasValueGreaterThanOrEqualTo(3);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(input + " changed while it was in use");
    merges.assertNothing("replaced");
  }
}
