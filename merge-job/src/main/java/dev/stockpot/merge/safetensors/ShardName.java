package dev.stockpot.merge.safetensors;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a name says of a safetensors file, or of an index of such.
 *
 * @param weights what it is a part of: {@code model}, {@code diffusion_pytorch_model.fp16}
 * @param kind whether it is all of that
 * @param number of a shard, from 1; else 0
 * @param count how many shards there are; else 0
 */
record ShardName(String weights, Kind kind, int number, int count) {
  enum Kind {
    WHOLE,
    SHARD,
    INDEX
  }

  /** {@code x-00001-of-00002.safetensors}; older diffusers put the variant behind the numbers. */
  private static final Pattern SHARD =
      Pattern.compile(
          "(?<stem>.+)-(?<number>\\d{1,6})-of-(?<count>\\d{1,6})(?<variant>\\.[\\w-]+)?\\.safetensors");

  private static final Pattern WHOLE = Pattern.compile("(?<stem>.+)\\.safetensors");
  private static final Pattern INDEX =
      Pattern.compile("(?<stem>.+)\\.safetensors\\.index(?<variant>\\.[\\w-]+)?\\.json");

  /** What a name says; nothing if it is of another file. */
  static Optional<ShardName> of(String name) {
    Matcher index = INDEX.matcher(name);
    if (index.matches()) {
      return Optional.of(new ShardName(weights(index), Kind.INDEX, 0, 0));
    }
    Matcher shard = SHARD.matcher(name);
    if (shard.matches()) {
      return Optional.of(
          new ShardName(
              weights(shard),
              Kind.SHARD,
              Integer.parseInt(shard.group("number")),
              Integer.parseInt(shard.group("count"))));
    }
    Matcher whole = WHOLE.matcher(name);
    return whole.matches()
        ? Optional.of(new ShardName(whole.group("stem"), Kind.WHOLE, 0, 0))
        : Optional.empty();
  }

  private static String weights(Matcher name) {
    return name.group("stem") + Optional.ofNullable(name.group("variant")).orElse("");
  }

  boolean is(Kind other) {
    return kind == other;
  }
}
