package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.MergeOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options that change settings, shared by the commands that plan. */
final class SettingsOptions {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a setting; may be repeated. reference.conf in the jar lists them.")
  private Map<String, String> set = new LinkedHashMap<>();

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description = "Settings in HOCON: a file, or s3a://…")
  private String file;

  @Option(
      names = "--shard-size",
      paramLabel = "SIZE",
      description = "Most bytes of tensors in one output file, for example 5GB.")
  private String shardSize;

  @Option(names = "--seed", description = "Seed of random drops.")
  private Long seed;

  /** The seed, if one was said here. */
  long seedOr(long otherwise) {
    return seed == null ? otherwise : seed;
  }

  /** What was said, for a merge, a plan or a comparison. */
  MergeOptions options() {
    MergeOptions options = MergeOptions.DEFAULT.withSettings(set);
    if (shardSize != null) {
      options = options.withSetting("shard-size", shardSize);
    }
    if (seed != null) {
      options = options.withSetting("seed", seed);
    }
    return file == null ? options : options.withSettingsFile(file);
  }
}
