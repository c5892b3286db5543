package dev.stockpot.merge.settings;

/** Something in HOCON is too much; where, is known to whoever reads it. */
final class TooMuch extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int MOST_LEVELS = 32;

  /** Between dots. */
  static final int MOST_PARTS = 64;

  TooMuch(String message) {
    super(message, null, false, false);
  }

  static void requireLevel(int level) {
    if (level > MOST_LEVELS) {
      throw new TooMuch("braces and brackets are nested deeper than %s".formatted(MOST_LEVELS));
    }
  }

  static void requireParts(int parts) {
    if (parts > MOST_PARTS) {
      throw new TooMuch("a path has more than %s parts between dots".formatted(MOST_PARTS));
    }
  }
}
