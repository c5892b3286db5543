package dev.stockpot.merge.gguf;

/** A name from a file, made fit for a message: in quotes, on one line, and not too long. */
final class QuotedName {
  private static final int MOST = 120;

  private QuotedName() {}

  static String of(String name) {
    String cut = name.length() > MOST ? name.substring(0, MOST) + "…" : name;
    StringBuilder fit = new StringBuilder("'");
    // a terminal obeys control characters, and format characters turn the reading direction
    cut.codePoints()
        .forEach(
            c ->
                fit.append(
                    Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                        ? "\\u%04x".formatted(c)
                        : Character.toString(c)));
    return fit.append('\'').toString();
  }
}
