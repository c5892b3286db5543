package dev.stockpot.merge.cli;

import static java.util.stream.Collectors.toSet;

import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.settings.SourceFiles;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** The files that the settings are from. */
  Set<Location> files() {
    if (file == null) {
      return Set.of();
    }
    Location location = new Location(file);
    return location.isPlainPath()
        ? SourceFiles.ofSettings(Path.of(file)).stream()
            .map(path -> new Location(path.toString()))
            .collect(toSet())
        : Set.of(location);
  }

  Settings load(ObjectSource store) throws IOException {
    Map<String, String> overrides = new LinkedHashMap<>(set);
    if (shardSize != null) {
      overrides.put("shard-size", shardSize);
    }
    if (seed != null) {
      overrides.put("seed", String.valueOf(seed));
    }
    Location location = file == null ? null : new Location(file);
    if (location == null || location.isPlainPath()) {
      return Settings.load(overrides, Optional.ofNullable(file).map(Path::of));
    }
    return Settings.load(
        overrides, location.path(), SmallText.read(store, location, "a file of settings"));
  }
}
