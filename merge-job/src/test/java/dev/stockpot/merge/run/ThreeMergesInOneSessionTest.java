package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.example.MergeInYourSession;
import dev.stockpot.merge.part.PartTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Merges in a session that somebody else made, for something else: with Kryo, which can neither
 * make records nor knows of ours, and without our plugin.
 */
class ThreeMergesInOneSessionTest {
  private static final List<String> METHODS = List.of("linear", "ties", "multi_krum");

  /** Many small parts. The last method scans before it merges. */
  private static final MergeOptions OPTIONS =
      MergeOptions.DEFAULT
          .withSetting("shard-size", 16_400)
          .withSetting("part-size", 4096)
          .withSetting("tasks", 2);

  @TempDir private static Path folder;
  private static final Map<String, MergeOutcome> ALONE = new TreeMap<>();
  private static SparkSession session;

  @BeforeAll
  static void mergeEachAloneThenStartTheSession() throws IOException {
    for (int model = 0; model < 3; model++) {
      SmallModels.write(folder.resolve(List.of("base", "a", "b").get(model)), model);
    }
    for (String method : METHODS) {
      try (Stockpot stockpot = Stockpot.embedded()) {
        ALONE.put(method, stockpot.merge(recipe(method), out("alone", method), OPTIONS));
      }
    }
    session =
        SparkSession.builder()
            .master("local[4]")
            .appName("of somebody else")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .config("spark.kryo.registrationRequired", "true")
            .getOrCreate();
  }

  @AfterAll
  static void stopTheSession() {
    session.stop();
  }

  private static MergeRecipe recipe(String method) {
    RecipeBuilder recipe = MergeRecipe.by(method);
    if (method.equals("multi_krum")) {
      recipe.model(folder.resolve("base").toString()).parameter("f", 0);
    } else {
      recipe.base(folder.resolve("base").toString()).parameter("weight", 0.5);
    }
    return recipe
        .model(folder.resolve("a").toString())
        .model(folder.resolve("b").toString())
        .build();
  }

  private static String out(String how, String method) {
    return folder.resolve(how).resolve(method).toString();
  }

  /** A checksum of every file. */
  private static Map<String, Long> checksums(Path out) throws IOException {
    Map<String, Long> checksums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(out).filter(Files::isRegularFile)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        CRC32C crc = new CRC32C();
        crc.update(Files.readAllBytes(file));
        checksums.put(out.relativize(file).toString(), crc.getValue());
      }
    }
    return checksums;
  }

  /** Waits, when its merge begins to make parts, until the other one's does too. */
  private record Together(CyclicBarrier barrier) implements MergeListener {
    @Override
    public void progressed(long bytes, long of) {
      if (bytes == 0) {
        try {
          barrier.await(1, TimeUnit.MINUTES);
        } catch (Exception e) {
          throw new IllegalStateException("the other merge does not run", e);
        }
      }
    }
  }

  @Test
  void giveTheSameBytesAsAloneTwoOfThemAtTheSameTimeAndTheSessionGoesOn() throws Exception {
    session.sparkContext().setLocalProperty("spark.job.description", "mine");
    try (Stockpot stockpot = Stockpot.on(session)) {
      assertSameAsAlone(stockpot.merge(recipe("linear"), out("here", "linear"), OPTIONS));
      CyclicBarrier barrier = new CyclicBarrier(2);
      ExecutorService threads = Executors.newFixedThreadPool(2);
      try {
        List<Future<MergeOutcome>> merges =
            threads.invokeAll(
                METHODS.subList(1, 3).stream()
                    .<Callable<MergeOutcome>>map(
                        method ->
                            () ->
                                stockpot.merge(
                                    recipe(method),
                                    out("here", method),
                                    OPTIONS,
                                    new Together(barrier)))
                    .toList());
        for (Future<MergeOutcome> merge : merges) {
          assertSameAsAlone(merge.get());
        }
      } finally {
        threads.shutdown();
      }
    }
    assertThat(session.sparkContext().getLocalProperty("spark.job.description")).isEqualTo("mine");
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    assertThat(spark.parallelize(List.of("still", "at", "work"), 3).count()).isEqualTo(3);
  }

  @Test
  void theDocumentedCallMerges() {
    String merged = folder.resolve("documented").toString();
    assertThat(MergeInYourSession.merge(session, folder.toString(), merged))
        .isEqualTo(merged + " has " + SmallModels.TENSORS + " tensors");
    assertThat(MergeInYourSession.merge(session, folder + "/nowhere", merged))
        .startsWith("MODEL: ");
  }

  /** The same bytes, and what one merge did is not mixed with what the other does. */
  private static void assertSameAsAlone(MergeOutcome outcome) throws IOException {
    MergeOutcome alone = ALONE.get(outcome.method());
    assertThat(checksums(Path.of(outcome.folder()))).isEqualTo(checksums(Path.of(alone.folder())));
    assertThat(outcome.totals().tasks()).isEqualTo(alone.totals().tasks());
    PartTimes times = outcome.totals().times();
    assertThat(times.bytesRead()).isEqualTo(alone.totals().times().bytesRead());
    assertThat(times.bytesWritten()).isEqualTo(alone.totals().times().bytesWritten());
  }
}
