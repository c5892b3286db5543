package dev.stockpot.merge.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Every setting, by the key that people write, and whether the output's bytes hang on it. A resumed
 * merge compares those that they hang on, as text.
 */
enum Setting {
  SHARD_SIZE("shard-size", settings -> String.valueOf(settings.shardSize())),
  PART_SIZE("part-size"),
  TASK_MEMORY("task-memory"),
  CHUNK_ELEMENTS("chunk-elements"),
  TASKS("tasks"),
  PROVIDER("provider"),
  GPU_TASKS("gpu-tasks"),
  GPU_PINNED_MEMORY("gpu-pinned-memory"),
  GPU_REQUEST("gpu-request"),
  SEED("seed", settings -> String.valueOf(settings.seed())),
  ROUNDING("rounding", settings -> settings.rounding().name()),
  MISSING_TENSORS("missing-tensors", settings -> word(settings.missingTensors())),
  CHECK_FINITE("check-finite"),
  REPORT("report"),
  MODEL_ROOT("model-root");

  private final String key;
  private final Optional<Function<Settings, String>> whereBytesHangOnIt;

  Setting(String key) {
    this.key = key;
    this.whereBytesHangOnIt = Optional.empty();
  }

  Setting(String key, Function<Settings, String> text) {
    this.key = key;
    this.whereBytesHangOnIt = Optional.of(text);
  }

  String key() {
    return key;
  }

  /** Whether other bytes may come of another value. */
  boolean changesBytes() {
    return whereBytesHangOnIt.isPresent();
  }

  /** The texts of those that change bytes, by key. */
  static Map<String, String> bytesHangOn(Settings settings) {
    Map<String, String> texts = new TreeMap<>();
    for (Setting setting : values()) {
      setting.whereBytesHangOnIt.ifPresent(text -> texts.put(setting.key, text.apply(settings)));
    }
    return texts;
  }

  /** How people write a constant. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
