package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.evaluate.CommandErrand;
import dev.stockpot.merge.evaluate.CommandOutput;
import dev.stockpot.merge.spark.SparkEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands as tasks of a Spark. */
class ErrandsOfClusterTest {
  private static final Candidate CANDIDATE =
      new Candidate("c1", "/models/soup", List.of("a"), "merge_method: linear", 9);

  @TempDir private Path folder;
  private SparkEngine engine;
  private ExecutorService threads;

  @BeforeEach
  void start() {
    engine = SparkEngine.start(2);
    threads = Executors.newFixedThreadPool(2);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    engine.close();
  }

  private ErrandsOfCluster errands() {
    return new ErrandsOfCluster(engine.errands(false));
  }

  private static CommandErrand shell(String script, String... results) {
    return new CommandErrand(
        List.of("sh", "-c", script, "{model}", "{output}"),
        results.length == 0 ? "" : results[0],
        Duration.ofMinutes(5).toMillis(),
        CANDIDATE);
  }

  @Test
  void whatACommandSaysComesBack() throws Exception {
    CommandOutput printed = errands().run(shell("echo of $0; echo 0.5"));
    assertThat(printed).isEqualTo(new CommandOutput("", "of /models/soup\n0.5\n", ""));
    CommandOutput file = errands().run(shell("echo '{\"acc\": 1}' > $1/r.json", "*.json"));
    assertThat(file).isEqualTo(new CommandOutput("r.json", "{\"acc\": 1}\n", ""));
  }

  @Test
  void aCommandThatFailsIsRunOnce() throws Exception {
    Path runs = folder.resolve("runs");
    CommandOutput output =
        errands().run(shell("echo x >> %s; echo oh >&2; exit 3".formatted(runs)));
    assertThat(output.failure()).contains("code 3", "oh");
    assertThat(runs).hasContent("x"); // Spark would repeat a task that fails
  }

  @Test
  void severalRunAtTheSameTime() throws Exception {
    Path here = folder.resolve("here");
    String script =
        "touch %s.$$; while [ $(ls %s.* | wc -l) -lt 2 ]; do :; done; echo 1".formatted(here, here);
    Callable<CommandOutput> run = () -> errands().run(shell(script));
    for (Future<CommandOutput> done : threads.invokeAll(List.of(run, run))) {
      assertThat(done.get().text()).isEqualTo("1\n");
    }
  }

  @Test
  void nothingGoesOnOfACommandThatNobodyWaitsFor() throws Exception {
    Path pid = folder.resolve("pid");
    Future<CommandOutput> running =
        threads.submit(
            () ->
                errands()
                    .run(
                        shell(
                            "echo $$ > %s.new; mv %s.new %s; exec sleep 600"
                                .formatted(pid, pid, pid))));
    while (!Files.exists(pid)) {
      Thread.onSpinWait();
    }
    ProcessHandle process =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    running.cancel(true);
    process.onExit().get();
    assertThat(process.isAlive()).isFalse();
    assertThat(errands().run(shell("echo 2")).text()).as("the Spark goes on").isEqualTo("2\n");
  }

  @Test
  void whoeverIsInterruptedHearsOfThat() throws Exception {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> errands().run(shell("exec sleep 600")))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }
}
