package dev.stockpot.merge.recipe;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A way to fill, and the keys that say how. */
enum InitialisationWord {
  ZEROS(),
  ONES(),
  CONSTANT("value"),
  NORMAL("mean", "std"),
  UNIFORM("low", "high"),
  XAVIER_UNIFORM("gain", "nonlinearity", "negative_slope"),
  XAVIER_NORMAL("gain", "nonlinearity", "negative_slope"),
  KAIMING_UNIFORM("gain", "mode", "nonlinearity", "negative_slope"),
  KAIMING_NORMAL("gain", "mode", "nonlinearity", "negative_slope"),
  ORTHOGONAL("gain"),
  IDENTITY();

  private final List<String> keys;

  InitialisationWord(String... keys) {
    this.keys = List.of(keys);
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> words() {
    return Arrays.stream(values()).map(InitialisationWord::word).toList();
  }

  /** Whether a key says something of it. */
  boolean takes(String key) {
    return keys.contains(key);
  }
}
