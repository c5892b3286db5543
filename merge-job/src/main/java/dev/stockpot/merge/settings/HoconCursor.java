package dev.stockpot.merge.settings;

/** A place in HOCON that goes on from the first character to the last. */
final class HoconCursor {
  private final String text;
  private int at;
  private int line = 1;

  HoconCursor(String text) {
    this.text = text;
  }

  int at() {
    return at;
  }

  int line() {
    return line;
  }

  boolean isAtEnd() {
    return at >= text.length();
  }

  char next() {
    return isAtEnd() ? '\0' : text.charAt(at);
  }

  void step() {
    line += next() == '\n' ? 1 : 0;
    at++;
  }

  /** What comes up to a character, which is passed, too; all that is left where it never comes. */
  String upTo(char last) {
    int end = text.indexOf(last, at);
    String content = text.substring(at, end < 0 ? text.length() : end);
    int next = end < 0 ? text.length() : end + 1;
    while (at < next) {
      step();
    }
    return content;
  }

  /** A string in one or three quotes; what is in it. */
  String quoted() {
    String end = text.startsWith("\"\"\"", at) ? "\"\"\"" : "\"";
    at += end.length();
    int first = at;
    while (!isAtEnd() && !text.startsWith(end, at)) {
      if (next() == '\\' && end.length() == 1) {
        step();
      }
      step();
    }
    String content = text.substring(Math.min(first, text.length()), Math.min(at, text.length()));
    at += end.length();
    return content;
  }

  /** Over those characters, and comments. */
  void skip(String blanks) {
    while (!isAtEnd()) {
      if (next() == '#' || text.startsWith("//", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (blanks.indexOf(next()) >= 0) {
        step();
      } else {
        return;
      }
    }
  }
}
