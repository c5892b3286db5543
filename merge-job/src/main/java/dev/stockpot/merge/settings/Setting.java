package dev.stockpot.merge.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Every setting, by the key that people write, and whether the output's bytes hang on it. A resumed
 * merge compares those that they hang on, as text.
 */
enum Setting {
  SHARD_SIZE("shard-size") {
    @Override
    Optional<String> whereBytesHangOnIt(Settings settings) {
      return Optional.of(String.valueOf(settings.shardSize()));
    }
  },
  PART_SIZE("part-size"),
  TASK_MEMORY("task-memory"),
  CHUNK_ELEMENTS("chunk-elements"),
  TASKS("tasks"),
  PROVIDER("provider"),
  GPU_TASKS("gpu-tasks"),
  GPU_PINNED_MEMORY("gpu-pinned-memory"),
  GPU_REQUEST("gpu-request"),
  SEED("seed") {
    @Override
    Optional<String> whereBytesHangOnIt(Settings settings) {
      return Optional.of(String.valueOf(settings.seed()));
    }
  },
  ROUNDING("rounding") {
    @Override
    Optional<String> whereBytesHangOnIt(Settings settings) {
      return Optional.of(settings.rounding().name());
    }
  },
  MISSING_TENSORS("missing-tensors") {
    @Override
    Optional<String> whereBytesHangOnIt(Settings settings) {
      return Optional.of(word(settings.missingTensors()));
    }
  },
  LOST_KEYS("lost-keys"),
  UNKNOWN_KEYS("unknown-keys"),
  OTHER_LEFTOVERS("other-leftovers"),
  CHECK_FINITE("check-finite"),
  REPORT("report"),
  SHA256("sha256"),
  CANDIDATES("candidates"),
  SCORE_CACHE("score-cache"),
  MODEL_ROOT("model-root"),
  HUB("hub"),
  HUB_ENDPOINT("hub-endpoint"),
  HUB_CACHE("hub-cache");

  private final String key;

  Setting(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }

  /** The value as text, if other bytes may come of another; nothing if none can. */
  Optional<String> whereBytesHangOnIt(Settings settings) {
    return Optional.empty();
  }

  /** The texts of those that change bytes, by key. */
  static Map<String, String> bytesHangOn(Settings settings) {
    Map<String, String> texts = new TreeMap<>();
    for (Setting setting : values()) {
      setting.whereBytesHangOnIt(settings).ifPresent(text -> texts.put(setting.key, text));
    }
    return texts;
  }

  /** How people write a constant. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
