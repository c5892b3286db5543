package dev.stockpot.merge.settings;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.util.List;

/** A place in HOCON that goes on from the first character to the last. */
final class HoconCursor {
  private static final String LONG = "\"\"\"";

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

  /** The parts of a path that ends before one of these, as the library will understand it. */
  List<String> path(String ends) {
    int first = at;
    int parts = 1;
    while (!isAtEnd() && ends.indexOf(next()) < 0 && !isComment()) {
      if (next() == '"') {
        quoted();
      } else {
        parts += next() == '.' ? 1 : 0;
        TooMuch.requireParts(parts);
        step();
      }
    }
    String path = text.substring(first, Math.min(at, text.length())).strip();
    try {
      return ConfigUtil.splitPath(path);
    } catch (ConfigException e) { // which the library will say again, and with a line
      return List.of(path);
    }
  }

  /** Whether a comment begins, which goes to the end of the line. */
  boolean isComment() {
    return next() == '#' || text.startsWith("//", at);
  }

  /** Over a string in one or three quotes. More than three at its end belong to it. */
  void quoted() {
    boolean isLong = text.startsWith(LONG, at);
    String end = isLong ? LONG : "\"";
    at += end.length();
    while (!isAtEnd() && !text.startsWith(end, at)) {
      if (next() == '\\' && !isLong) {
        step();
      }
      step();
    }
    at += end.length();
    while (isLong && next() == '"') {
      step();
    }
  }

  /** Over those characters, and comments. */
  void skip(String blanks) {
    while (!isAtEnd()) {
      if (isComment()) {
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
