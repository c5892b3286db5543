package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.hub.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Private models of a hub, merged by executors that are processes of their own, to S3. */
class HubOnClusterTest {
  @TempDir private Path local;

  /** Beside the folder that is searched for it. Executors of such a cluster inherit variables. */
  @TempDir private Path home;

  /** Spark's pages show what is in its event log. */
  private Map<String, String> cluster() {
    return Map.ofEntries(
        Map.entry("spark.master", "local-cluster[2,1,1024]"),
        Map.entry("spark.scheduler.minRegisteredResourcesRatio", "1"),
        Map.entry("spark.scheduler.maxRegisteredResourcesWaitingTime", "60s"),
        Map.entry("spark.ui.enabled", "false"),
        Map.entry("spark.eventLog.enabled", "true"),
        Map.entry("spark.eventLog.compress", "false"), // it is searched
        Map.entry("spark.eventLog.dir", local.toUri().toString()),
        Map.entry("spark.driver.host", "127.0.0.1"),
        Map.entry("spark.executor.memory", "512m"),
        Map.entry("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"),
        Map.entry("spark.executor.extraClassPath", System.getProperty("java.class.path")));
  }

  @Test
  @EnabledOnOs(OS.LINUX) // it looks into /proc
  void executorsReadPrivateModelsAndNeverSeeTheToken() throws Exception {
    try (S3Merges merges = new S3Merges(local);
        FakeHub fake = new FakeHub()) {
      merges.undisturbed();
      for (int task = 0; task < S3Merges.MODELS.size(); task++) {
        String id = "org/" + S3Merges.MODELS.get(task);
        QuickstartFiles.of(task).forEach((path, content) -> fake.file(id, path, content));
        fake.open(id, FakeHub.Access.OWNER);
      }
      merges.writeRecipe(S3Merges.RECIPE.replaceAll("model: (base|math|code)", "model: org/$1"));
      fake.next(3, request -> !request.isOfHub(), FakeHub.status(503, "Retry-After: 0"));
      Files.writeString(home.resolve("token"), FakeHub.TOKEN);
      Map<String, String> variables =
          Map.of("HF_ENDPOINT", fake.endpoint().toString(), "HF_HOME", home.toString());
      ConcurrentLinkedQueue<String> environments = new ConcurrentLinkedQueue<>();

      String log;
      try (MergeProcess merge = merges.start(merges.out("merged"), cluster(), variables)) {
        merge.until(
            "executors read",
            () -> {
              executors(merge).forEach(executor -> environment(executor, environments));
              return fake.requests().stream().filter(request -> !request.isOfHub()).count() > 6
                  && executors(merge).filter(HubOnClusterTest::isExecutor).count() == 2;
            });
        assertThat(merge.exitCode()).as(merge.printed()).isZero();
        log = merge.printed();
      }

      try (MergeProcess plan = merges.plan(variables)) {
        assertThat(plan.exitCode()).as(plan.printed()).isZero();
        assertThat(plan.printed())
            .contains("hf://org/base@" + fake.commit("org/base"))
            .doesNotContain(FakeHub.TOKEN)
            .doesNotContain("Signature=");
      }

      for (String shard : merges.shards()) {
        assertThat(merges.read("merged", shard))
            .as(shard)
            .isEqualTo(merges.read("undisturbed", shard));
      }
      assertThat(fake.requests())
          .filteredOn(request -> !request.isOfHub())
          .isNotEmpty()
          .allMatch(request -> request.authorization().isEmpty());
      assertThat(log).doesNotContain(FakeHub.TOKEN).doesNotContain("Signature=");
      assertThat(written())
          .as("event log, and what executors print")
          .anyMatch(text -> text.contains("SparkListenerEnvironmentUpdate"))
          .allMatch(text -> !text.contains(FakeHub.TOKEN) && !text.contains("Signature="));
      for (String file : List.of("stockpot-manifest.json", "README.md", "report/report.html")) {
        assertThat(new String(merges.read("merged", file), ISO_8859_1))
            .doesNotContain(FakeHub.TOKEN)
            .doesNotContain("Signature=");
      }
      assertThat(environments.stream().filter(text -> text.contains(FakeHub.TOKEN)).count())
          .as("environments and command lines that show the token")
          .isZero();
    }
  }

  private static boolean isExecutor(ProcessHandle process) {
    return shown(process, "cmdline").contains("CoarseGrainedExecutorBackend");
  }

  private static Stream<ProcessHandle> executors(MergeProcess merge) {
    return merge.process().descendants();
  }

  /** Variables and command line of a process, where the system shows them. */
  private static void environment(ProcessHandle process, ConcurrentLinkedQueue<String> texts) {
    texts.add(shown(process, "environ"));
    texts.add(shown(process, "cmdline"));
  }

  /** Empty where it has ended. */
  private static String shown(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc/%s/%s".formatted(process.pid(), file)), ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private List<String> written() throws Exception {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(local)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.add(Files.readString(file, ISO_8859_1));
      }
    }
    return texts;
  }
}
