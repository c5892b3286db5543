package dev.stockpot.merge.cli;

import dev.stockpot.merge.settings.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that change settings, shared by the commands that plan. */
final class SettingsOptions {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a setting; may be repeated. reference.conf in the jar lists them.")
  private Map<String, String> set = new LinkedHashMap<>();

  @Option(names = "--settings", paramLabel = "FILE", description = "Settings in HOCON.")
  private Path file;

  @Option(
      names = "--shard-size",
      paramLabel = "SIZE",
      description = "Most bytes of tensors in one output file, for example 5GB.")
  private String shardSize;

  @Option(names = "--seed", description = "Seed of random drops.")
  private Long seed;

  Settings load() {
    Map<String, String> overrides = new LinkedHashMap<>(set);
    if (shardSize != null) {
      overrides.put("shard-size", shardSize);
    }
    if (seed != null) {
      overrides.put("seed", String.valueOf(seed));
    }
    return Settings.load(overrides, Optional.ofNullable(file));
  }
}
