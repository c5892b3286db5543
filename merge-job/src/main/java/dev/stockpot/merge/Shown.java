package dev.stockpot.merge;

import java.util.Locale;

/**
 * Text that others wrote, such as names in files, made fit to be shown: a terminal obeys control
 * characters, format characters turn the reading direction, and other line ends begin lines that
 * nobody wrote.
 */
public final class Shown {
  private static final int MOST = 120;

  private Shown() {}

  /** All of it on one line; what does not show stands there by its number, as in JSON. */
  public static String of(String text) {
    return escaped(text, "");
  }

  /** In quotes, and not too long. */
  public static String quoted(String text) {
    return "'" + of(text, MOST) + "'";
  }

  /** The beginning of it, if it is longer than that many characters. */
  public static String of(String text, int most) {
    return text.length() <= most ? of(text) : of(text.substring(0, most)) + "…";
  }

  /** With line feeds and tabs as they are. */
  public static String lines(String text) {
    return escaped(text, System.lineSeparator() + "\n\t");
  }

  private static String escaped(String text, String but) {
    if (text.codePoints().noneMatch(c -> isHidden(c, but))) { // nearly all text there is
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isHidden(c, but)) {
                for (char half : Character.toChars(c)) {
                  shown.append(String.format(Locale.ROOT, "\\u%04x", (int) half));
                }
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }

  private static boolean isHidden(int c, String but) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> but.indexOf(c) < 0;
      case Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
