package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.hadoop.S3Wire.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors as processes of their own. */
class KilledExecutorTest {
  @TempDir private Path local;

  @Test
  void aMergeOutlivesAnExecutorThatIsKilledInMidPart() throws Exception {
    try (S3Merges merges = new S3Merges(local)) {
      merges.undisturbed();
      merges.server().forget();
      String shard = merges.shards().get(0);
      merges
          .server()
          .breaks(
              request -> request.contains("partNumber=") && request.contains(shard), Fault.HANG, 1);
      Map<String, String> cluster =
          Map.of(
              "spark.master", "local-cluster[2,1,1024]",
              "spark.ui.enabled", "false",
              "spark.driver.host", "127.0.0.1",
              "spark.executor.memory", "512m",
              "spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
              "spark.executor.extraClassPath", System.getProperty("java.class.path"));
      try (MergeProcess merge = merges.start(merges.out("merged"), cluster)) {
        merge.until("a part hangs", () -> merges.server().partsSent().containsKey(shard));
        List<ProcessHandle> executors = merge.process().descendants().toList();
        assertThat(executors).hasSize(2);
        executors.forEach(ProcessHandle::destroyForcibly); // one of them is in mid-part

        assertThat(merge.exitCode()).as(merge.printed()).isZero();
      }
      assertThat(merges.server().partsSent().get(shard)).isGreaterThan(1);
      merges.assertWhole("merged");
    }
  }
}
