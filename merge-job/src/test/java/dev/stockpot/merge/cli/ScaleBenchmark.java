package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.Merging;
import dev.stockpot.merge.run.PlannedMerge;
import dev.stockpot.merge.run.Stockpot;
import dev.stockpot.merge.run.TimeEstimate;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Merges by a recipe into a {@link DiscardingStore}, and says how fast that was, how much memory it
 * took, and how long executors would take that compute as fast. Run by {@code benchmarks/scale.sh}.
 */
public final class ScaleBenchmark {
  private static final int[] EXECUTORS = {1, 4, 16, 64};

  private ScaleBenchmark() {}

  /** Takes a recipe, and settings as {@code key=value}. */
  public static void main(String[] words) throws IOException {
    Map<String, String> overrides = new HashMap<>();
    Stream.of(words)
        .skip(1)
        .map(word -> word.split("=", 2))
        .forEach(setting -> overrides.put(setting[0], setting[1]));
    DiscardingStore store = new DiscardingStore(new LocalStore());
    MergeRecipe recipe = MergeRecipe.at(words[0]);
    MergeOptions options = MergeOptions.DEFAULT.overwriting().withSettings(overrides);
    PlannedMerge planned;
    double seconds;
    try (Stockpot stockpot = Merging.through(store);
        MergeTalk talk = new MergeTalk(new Console(new CommandLine(new Main()), false))) {
      planned = stockpot.plan(recipe, options);
      long start = System.nanoTime();
      talk.end(stockpot.merge(recipe, "/discarded", options, talk));
      seconds = (System.nanoTime() - start) / 1e9;
    }

    TimeEstimate measured =
        new TimeEstimate(
            planned.time().bytesRead(), planned.bytesWritten(), seconds * planned.tasks());
    System.out.printf(
        "%.2f GB/s of inputs, %s cores; peak memory of the process: %s%n",
        measured.bytesRead() / 1e9 / seconds, planned.tasks(), peakMemory());
    for (int executors : EXECUTORS) {
      System.out.printf(
          "%2d executors with %d such cores and 10 Gbit/s each: %.0f s, limited by %s%n",
          executors,
          TimeEstimate.CORES,
          measured.seconds(executors),
          measured.limit(executors).name().toLowerCase(java.util.Locale.ROOT));
    }
  }

  private static String peakMemory() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "unknown here";
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .map(line -> Sizes.bytes(Long.parseLong(line.replaceAll("\\D", "")) * 1024))
        .findFirst()
        .orElseThrow();
  }
}
