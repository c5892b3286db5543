package dev.stockpot.merge.settings;

import static java.util.stream.Collectors.joining;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.Suggestion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Settings of the job, read once. {@code reference.conf} says what each means and has the defaults.
 */
public record Settings(
    long shardSize,
    long partSize,
    long taskMemory,
    int chunkElements,
    int tasks,
    String provider,
    Gpu gpu,
    long seed,
    boolean roundsAtRandom,
    boolean copyMissing,
    boolean keepLostKeys,
    boolean checkFinite,
    boolean report,
    String modelRoot) {

  /**
   * How the GPU of an executor is used.
   *
   * @param tasks at once
   * @param pinnedMemory bytes
   * @param isRequested whether Spark is asked for executors that have one
   */
  public record Gpu(int tasks, long pinnedMemory, boolean isRequested) {}

  private static final String ROOT = "stockpot";
  private static final String SPARK_ROOT = "spark.stockpot";
  private static final List<String> MISSING = List.of("fail", "copy");
  private static final List<String> LOST_KEYS = List.of("fail", "keep");
  private static final List<String> PROVIDERS = List.of("auto", "rapids", "vector", "scalar");
  private static final List<String> ROUNDING = List.of("nearest", "stochastic");
  private static final int CHUNK_MULTIPLE = 4096;
  private static final long LEAST_TASK_MEMORY = 1 << 20;

  /**
   * Settings from, in order of precedence: the given overrides, system properties, Spark's
   * configuration, a file, the defaults.
   *
   * @param overrides values by key, without {@code stockpot.} in front
   * @throws UserException if a key or a value makes no sense
   */
  public static Settings load(Map<String, String> overrides, Optional<Path> file) {
    return load(overrides, () -> file.map(Settings::read).orElseGet(ConfigFactory::empty));
  }

  /**
   * The same with the text of a file that is not of this machine, and so includes nothing.
   *
   * @param source where the text is from
   */
  public static Settings load(Map<String, String> overrides, String source, String text) {
    return load(overrides, () -> parse(source, text));
  }

  private static Settings load(Map<String, String> overrides, Supplier<Config> file) {
    try {
      Config defaults = defaults();
      Config system = ConfigFactory.systemProperties();
      Config config =
          parse(overrides)
              .withFallback(part(system, ROOT))
              .withFallback(part(system, SPARK_ROOT))
              .withFallback(file.get())
              .withFallback(defaults)
              .resolve();
      requireKnown(config, defaults);
      return new Settings(
          bytes(config, "shard-size", 1),
          bytes(config, "part-size", 1),
          bytes(config, "task-memory", LEAST_TASK_MEMORY),
          chunkElements(config.getInt("chunk-elements")),
          tasks(config.getInt("tasks")),
          word(config, "provider", PROVIDERS),
          new Gpu(
              gpuTasks(config.getInt("gpu-tasks")),
              bytes(config, "gpu-pinned-memory", 0),
              config.getBoolean("gpu-request")),
          config.getLong("seed"),
          word(config, "rounding", ROUNDING).equals("stochastic"),
          word(config, "missing-tensors", MISSING).equals("copy"),
          word(config, "lost-keys", LOST_KEYS).equals("keep"),
          config.getBoolean("check-finite"),
          config.getBoolean("report"),
          config.getString("model-root"));
    } catch (ConfigException e) {
      throw new UserException("Settings: " + e.getMessage(), e);
    }
  }

  /** Not the library's default reference, which has system properties in it, known or not. */
  private static Config defaults() {
    return ConfigFactory.parseResources(Settings.class.getClassLoader(), "reference.conf")
        .resolve()
        .getConfig(ROOT);
  }

  private static Config parse(Map<String, String> overrides) {
    return ConfigFactory.parseMap(overrides, "--set");
  }

  private static Config part(Config config, String path) {
    return config.hasPath(path) ? config.getConfig(path) : ConfigFactory.empty();
  }

  private static Config read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserException("Settings file %s does not exist".formatted(file));
    }
    return ours(file.toString(), ConfigFactory.parseFile(file.toFile()));
  }

  private static Config parse(String source, String text) {
    ConfigParseOptions options =
        ConfigParseOptions.defaults()
            .setOriginDescription(source)
            .appendIncluder(new FolderIncluder(Optional.empty(), source));
    return ours(source, ConfigFactory.parseString(text, options));
  }

  private static Config ours(String source, Config parsed) {
    Config config = parsed.resolve();
    if (!config.hasPath(ROOT)) {
      throw new UserException(
          "Settings file %s has no `%s { … }`; put its settings between such braces"
              .formatted(source, ROOT));
    }
    return config.getConfig(ROOT);
  }

  private static void requireKnown(Config config, Config defaults) {
    Set<String> known = keys(defaults);
    for (String key : keys(config)) {
      if (!known.contains(key)) {
        throw new UserException(
            "Settings: there is no `%s`%s Known: %s"
                .formatted(
                    key,
                    Suggestion.closest(key, known)
                        .map(", did you mean `%s`?"::formatted)
                        .orElse("."),
                    String.join(", ", known)));
      }
    }
  }

  private static Set<String> keys(Config config) {
    Set<String> keys = new TreeSet<>();
    config
        .entrySet()
        .forEach(
            entry -> keys.add(ConfigUtil.splitPath(entry.getKey()).stream().collect(joining("."))));
    return keys;
  }

  private static long bytes(Config config, String key, long least) {
    long bytes = config.getBytes(key);
    if (bytes < least) {
      throw new UserException(
          "Settings: %s is %s bytes, must be at least %s".formatted(key, bytes, least));
    }
    return bytes;
  }

  private static int chunkElements(int elements) {
    if (elements < CHUNK_MULTIPLE || elements % CHUNK_MULTIPLE != 0) {
      throw new UserException(
          "Settings: chunk-elements is %s, must be a multiple of %s"
              .formatted(elements, CHUNK_MULTIPLE));
    }
    return elements;
  }

  private static int tasks(int tasks) {
    if (tasks < 0) {
      throw new UserException("Settings: tasks is %s, must be 0 or more".formatted(tasks));
    }
    return tasks == 0 ? Runtime.getRuntime().availableProcessors() : tasks;
  }

  private static int gpuTasks(int tasks) {
    if (tasks < 1) {
      throw new UserException("Settings: gpu-tasks is %s, must be 1 or more".formatted(tasks));
    }
    return tasks;
  }

  private static String word(Config config, String key, List<String> words) {
    String word = config.getString(key);
    if (!words.contains(word)) {
      throw new UserException(
          "Settings: %s is %s, must be one of %s".formatted(key, word, String.join(", ", words)));
    }
    return word;
  }
}
