package dev.stockpot.merge.align;

import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonObject;
import java.util.List;
import java.util.OptionalInt;

/** How many heads there are, from {@code config.json} or from the spec itself. */
record HeadCounts(int queries, int keys) {
  private static final String NUMBER = "[1-9]\\d{0,6}";

  /**
   * The numbers that a rule means.
   *
   * @throws IllegalArgumentException if nothing tells them, or they make no sense
   */
  static HeadCounts of(GroupRule.HeadRule rule, JsonObject config) {
    OptionalInt queries = first(rule.counts(), config);
    if (queries.isEmpty() || queries.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "nothing tells how many heads there are: config.json has none of %s. Give the number in a spec of your own, as `heads: 12`"
              .formatted(String.join(", ", rule.counts())));
    }
    int keys = first(rule.keyCounts(), config).orElse(queries.getAsInt());
    if (keys < 1 || queries.getAsInt() % keys != 0) {
      throw new IllegalArgumentException(
          "%s heads of queries cannot share %s of keys and values"
              .formatted(queries.getAsInt(), keys));
    }
    return new HeadCounts(queries.getAsInt(), keys);
  }

  private static OptionalInt first(List<String> keys, JsonObject config) {
    for (String key : keys) {
      if (key.matches(NUMBER)) {
        return OptionalInt.of(Integer.parseInt(key));
      }
      for (JsonObject part : List.of(config, ModelConfig.textPart(config))) {
        if (part.integer(key).isPresent()) {
          return part.integer(key);
        }
      }
    }
    return OptionalInt.empty();
  }

  /** Heads of a side, in the order of queries, keys, values and outputs. */
  int ofSide(int side) {
    return side == 0 || side == AxisRule.SIDES.size() - 1 ? queries : keys;
  }
}
