package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.run.Merging;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a merge overlaps its work, and what it shows of it. */
class PipelineTest {
  private static final int CHUNK = 4096;
  private static final String LISTENERS = "spark.extraListeners";

  @TempDir private Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    for (int fineTune = 0; fineTune < 2; fineTune++) {
      ModelFolder.at(folder.resolve(List.of("a", "b").get(fineTune)))
          .bfloats("model.layers.0.weight", fineTune, 3 * CHUNK)
          .bfloats("model.layers.1.weight", fineTune, 2 * CHUNK)
          .write();
    }
  }

  private Path recipe(String method) throws IOException {
    String parameters =
        method.equals("slerp") ? "base_model: a\nparameters: {t: 0.5}" : "parameters: {weight: 1}";
    return Files.writeString(
        folder.resolve("recipe.yml"),
        "merge_method: %s\n%s\nmodels: [{model: a}, {model: b}]\n".formatted(method, parameters));
  }

  /** Settings that cut a tensor of a linear merge in chunks, and one of slerp not at all. */
  @ParameterizedTest
  @ValueSource(strings = {"linear", "slerp"})
  void theNextLoadIsReadBeforeOneIsWrittenAlsoBetweenTensors(String method) throws IOException {
    LockstepStore.reset();
    int loads = method.equals("linear") ? 5 : 2;
    String chunk = String.valueOf(method.equals("linear") ? CHUNK : 4 * CHUNK);
    Map<String, String> settings =
        Map.of("model-root", folder.toString(), "tasks", "1", "chunk-elements", chunk);
    Merging.through(
        new LockstepStore(new LocalStore(), 2, loads),
        recipe(method),
        folder.resolve("out"),
        settings);
    assertThat(LockstepStore.written()).isEqualTo(1 + loads);
  }

  /** Hears what Spark's UI shows. Spark makes one by its name. */
  public static final class Jobs extends SparkListener {
    static final List<String> DESCRIPTIONS = new CopyOnWriteArrayList<>();
    static final List<String> STAGES = new CopyOnWriteArrayList<>();
    static final List<String> METRICS = new CopyOnWriteArrayList<>();

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      Properties properties = job.properties();
      DESCRIPTIONS.add(properties.getProperty("spark.job.description"));
      STAGES.add(job.stageInfos().head().name());
      SparkEnv.get()
          .metricsSystem()
          .getSourcesByName("plugin.dev.stockpot.merge.spark.MetricsPlugin")
          .foreach(source -> METRICS.addAll(source.metricRegistry().getGauges().keySet()));
    }
  }

  @Test
  void sparkShowsAJobForEachShardThatNamesItsTensorsAndMetrics() throws IOException {
    System.setProperty(LISTENERS, Jobs.class.getName());
    try {
      CommandLineRun.of(
              "merge",
              recipe("linear"),
              folder.resolve("out"),
              "--set",
              "model-root=" + folder,
              "--shard-size",
              "30000")
          .succeeds();
    } finally {
      System.clearProperty(LISTENERS);
    }
    assertThat(Jobs.STAGES)
        .containsExactly(
            "Merge model-00001-of-00002.safetensors", "Merge model-00002-of-00002.safetensors");
    assertThat(Jobs.DESCRIPTIONS)
        .containsExactly(
            "Merge model-00001-of-00002.safetensors: 1 parts, model.layers.0.weight",
            "Merge model-00002-of-00002.safetensors: 1 parts, model.layers.1.weight");
    assertThat(Jobs.METRICS)
        .contains(
            "tasks",
            "shards",
            "bytes.read",
            "bytes.written",
            "requests.get",
            "requests.put",
            "requests.retries",
            "time.reading.millis",
            "time.waiting.millis",
            "time.merging.millis",
            "time.uploading.millis");
  }

  @Test
  void whatAFirstStageScansIsCountedToo() throws IOException {
    for (String model : List.of("a", "b")) {
      ModelFolder.at(folder.resolve(model)).bfloats("model.layers.0.weight", 1, 1 << 18).write();
    }
    CommandLineRun run =
        CommandLineRun.of(
                "merge",
                recipe("slerp"),
                folder.resolve("out"),
                "--set",
                "model-root=" + folder,
                "--set",
                "task-memory=1MiB")
            .succeeds();
    // two models of half a megabyte, scanned and merged
    assertThat(run.out()).contains("Read 2.10 MB and wrote 524 kB in ", "Time of 2 tasks: ");
  }
}
