package dev.stockpot.merge.settings;

import static java.util.stream.Collectors.joining;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.LocationFault;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.LostKeys;
import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.recipe.Suggestion;
import dev.stockpot.merge.recipe.UnknownKeys;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Reads settings from all places where they can stand. */
final class SettingsReader {
  private static final String ROOT = "stockpot";
  private static final String SPARK_ROOT = "spark.stockpot";
  private static final int CHUNK_MULTIPLE = 4096;
  private static final int MOST_CHUNK = 1 << 30;
  private static final long LEAST_TASK_MEMORY = 1 << 20;

  /** At once: each is a thread that holds buffers. */
  private static final int MOST_TASKS = 4096;

  /** Read once: it is looked for in all of the class path. */
  private static final AtomicReference<Config> DEFAULTS = new AtomicReference<>();

  private final Config config;

  private SettingsReader(Config config) {
    this.config = config;
  }

  static Settings read(Map<String, String> overrides, Optional<Path> file) {
    return read(overrides, () -> file.map(SettingsReader::file).orElseGet(ConfigFactory::empty));
  }

  static Settings read(Map<String, String> overrides, String source, String text) {
    return read(overrides, () -> parse(source, text));
  }

  private static Settings read(Map<String, String> overrides, Supplier<Config> file) {
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
      return new SettingsReader(config).settings();
    } catch (ConfigException e) {
      throw new UserException("Settings: " + e.getMessage(), e);
    }
  }

  /** Not the library's default reference, which has system properties in it, known or not. */
  private static Config defaults() {
    Config known = DEFAULTS.get();
    if (known == null) {
      known =
          ConfigFactory.parseResources(SettingsReader.class.getClassLoader(), "reference.conf")
              .resolve()
              .getConfig(ROOT);
      DEFAULTS.set(known);
    }
    return known;
  }

  private static Config parse(Map<String, String> overrides) {
    return ConfigFactory.parseMap(overrides, "--set");
  }

  private static Config part(Config config, String path) {
    return config.hasPath(path) ? config.getConfig(path) : ConfigFactory.empty();
  }

  private static Config file(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserException("Settings file %s does not exist".formatted(file));
    }
    return ours(file.toString(), Hocon.text(file), Optional.of(file.toAbsolutePath().getParent()));
  }

  private static Config parse(String source, String text) {
    return ours(source, text, Optional.empty());
  }

  private static Config ours(String source, String text, Optional<Path> folder) {
    Config config = Hocon.resolved(source, text, folder, ConfigResolveOptions.defaults());
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

  private Settings settings() {
    for (Setting place : List.of(Setting.MODEL_ROOT, Setting.SCORE_CACHE, Setting.HUB_CACHE)) {
      String typed = config.getString(place.key());
      Optional<String> fault = typed.isEmpty() ? Optional.empty() : LocationFault.of(typed);
      if (fault.isPresent()) {
        throw new UserException("Settings: %s: %s".formatted(place.key(), fault.get()));
      }
    }
    return new Settings(
        bytes(Setting.SHARD_SIZE, 1),
        bytes(Setting.PART_SIZE, 1),
        bytes(Setting.TASK_MEMORY, LEAST_TASK_MEMORY),
        chunkElements(),
        tasks(),
        word(Setting.PROVIDER, Provider.class),
        new Settings.Gpu(
            gpuTasks(), bytes(Setting.GPU_PINNED_MEMORY, 0), flag(Setting.GPU_REQUEST)),
        whole(Setting.SEED, Long.MIN_VALUE, Long.MAX_VALUE),
        word(Setting.ROUNDING, Rounding.Mode.class),
        word(Setting.MISSING_TENSORS, MissingTensors.class),
        word(Setting.LOST_KEYS, LostKeys.class),
        word(Setting.UNKNOWN_KEYS, UnknownKeys.class),
        word(Setting.OTHER_LEFTOVERS, OtherLeftovers.class),
        flag(Setting.CHECK_FINITE),
        flag(Setting.REPORT),
        flag(Setting.SHA256),
        new Settings.Trials(candidates(), config.getString(Setting.SCORE_CACHE.key())),
        config.getString(Setting.MODEL_ROOT.key()),
        new Settings.Hub(
            word(Setting.HUB, HubUse.class),
            config.getString(Setting.HUB_ENDPOINT.key()),
            config.getString(Setting.HUB_CACHE.key())));
  }

  private boolean flag(Setting setting) {
    return config.getBoolean(setting.key());
  }

  private long bytes(Setting setting, long least) {
    long bytes = config.getBytes(setting.key());
    if (bytes < least) {
      throw new UserException(
          "Settings: %s is %s bytes, must be at least %s".formatted(setting.key(), bytes, least));
    }
    return bytes;
  }

  private int chunkElements() {
    int elements = (int) whole(Setting.CHUNK_ELEMENTS, CHUNK_MULTIPLE, MOST_CHUNK);
    if (elements % CHUNK_MULTIPLE != 0) {
      throw new UserException(
          "Settings: chunk-elements is %s, must be a multiple of %s"
              .formatted(elements, CHUNK_MULTIPLE));
    }
    return elements;
  }

  private int candidates() {
    return (int) whole(Setting.CANDIDATES, 1, Integer.MAX_VALUE);
  }

  private int tasks() {
    int tasks = (int) whole(Setting.TASKS, 0, MOST_TASKS);
    return tasks == 0 ? Runtime.getRuntime().availableProcessors() : tasks;
  }

  private int gpuTasks() {
    return (int) whole(Setting.GPU_TASKS, 1, MOST_TASKS);
  }

  /** A whole number, every digit of it: the library would cut {@code 1.5} and wrap what is long. */
  private long whole(Setting setting, long least, long most) {
    config.getNumber(setting.key()); // says in its words what is no number
    String text = config.getString(setting.key());
    try {
      long number = new BigDecimal(text).longValueExact();
      if (number >= least && number <= most) {
        return number;
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw new UserException(notWhole(setting, text, least, most), e);
    }
    throw new UserException(notWhole(setting, text, least, most));
  }

  private static String notWhole(Setting setting, String text, long least, long most) {
    return "Settings: %s is %s, must be a whole number from %s to %s"
        .formatted(setting.key(), text, least, most);
  }

  /** One of the constants of an enum, written in lower case. */
  private <E extends Enum<E>> E word(Setting setting, Class<E> words) {
    String word = config.getString(setting.key());
    return Arrays.stream(words.getEnumConstants())
        .filter(constant -> Setting.word(constant).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new UserException(
                    "Settings: %s is %s, must be one of %s"
                        .formatted(
                            setting.key(),
                            word,
                            Arrays.stream(words.getEnumConstants())
                                .map(Setting::word)
                                .collect(joining(", ")))));
  }
}
