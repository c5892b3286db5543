package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.hadoop.S3Wire.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merges that somebody stops, as processes of their own: what they say, leave and exit with. */
class StoppedMergeTest {
  private static final String JVM_WARNING =
      "WARNING: Using incubator modules: jdk.incubator.vector\n";

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

  /** A merge of which a part of the last shard hangs, and all other shards are finished. */
  private static MergeProcess hanging(String name, Object... options) throws Exception {
    List<String> shards = merges.shards();
    String last = shards.get(shards.size() - 1);
    merges.server().forget();
    merges
        .server()
        .breaks(
            request ->
                request.startsWith("PUT")
                    && request.contains(last)
                    && request.contains("partNumber="),
            Fault.HANG,
            Integer.MAX_VALUE); // however often it is tried, before somebody has stopped it
    MergeProcess merge = merges.start(merges.out(name), Map.of(), options);
    merge.until(
        "all other shards are finished, and the part hangs",
        () ->
            merges.server().objectsBelow(merges.journal(name)).size() == shards.size()
                && merges.server().partsSent().containsKey(last));
    return merge;
  }

  private static void send(String signal, MergeProcess merge) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + signal, String.valueOf(merge.process().pid())).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void ctrlCEndsWithOneSentenceAndLeavesNothing() throws Exception {
    try (MergeProcess merge = hanging("stopped")) {
      send("INT", merge);

      assertThat(merge.exitCode()).isEqualTo(130);
      assertThat(merge.printed())
          .isEqualTo(JVM_WARNING + "Stopped by Ctrl-C: nothing of it is left\n");
      merges.assertNothing("stopped");
    }
  }

  @Test
  void aMergeThatCanBeResumedNamesWhatIsKept() throws Exception {
    int shards = merges.shards().size();
    try (MergeProcess merge = hanging("kept", "--resume")) {
      send("TERM", merge);

      assertThat(merge.exitCode()).isEqualTo(143);
      assertThat(merge.printed())
          .isEqualTo(
              JVM_WARNING
                  + "Stopped by a signal (TERM): %s of %s shards are kept: merge again with --resume, or give them up: stockpot discard %s\n"
                      .formatted(shards - 1, shards, merges.out("kept")));
    }
    merges.server().forget();
    assertThat(merges.merge(merges.out("kept"), "--resume").succeeds().out())
        .contains("%s of %s files".formatted(shards - 1, shards));
    merges.assertWhole("kept");
  }
}
