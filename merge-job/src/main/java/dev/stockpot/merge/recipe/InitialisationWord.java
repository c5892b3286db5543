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

  private final String keys; // with a blank around each

  InitialisationWord(String... keys) {
    this.keys = " %s ".formatted(String.join(" ", keys));
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> words() {
    return Arrays.stream(values()).map(InitialisationWord::word).toList();
  }

  /** Whether a key says something of it. */
  boolean takes(String key) {
    return keys.contains(" " + key + " ");
  }
}
