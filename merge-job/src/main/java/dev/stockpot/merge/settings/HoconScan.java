package dev.stockpot.merge.settings;

import dev.stockpot.merge.recipe.Problems;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks through HOCON before the library does, which has no limits: how deep it is nested, how long
 * its paths are, and what its substitutions come to. Takes more for HOCON than the library does:
 * what is wrong in another way is told by that one.
 */
final class HoconScan {
  private static final int MOST_CHARACTERS = 1 << 20;
  private static final int MOST_LEVELS = 32;
  private static final int MOST_PARTS = 64;
  private static final int MOST_SUBSTITUTIONS = 1_000;

  private final String text;
  private final Expansions expansions = new Expansions();
  private int at;
  private int line = 1;
  private int substitutions;

  /** Found something that is too much. */
  private static final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1;

    private TooMuch(String message) {
      super(message, null, false, false);
    }
  }

  private HoconScan(String text) {
    this.text = text;
  }

  /**
   * How many values its substitutions come to.
   *
   * @param source in messages
   * @throws dev.stockpot.merge.UserException if something in it is too much
   */
  static double expansions(String source, String text) {
    Problems problems = new Problems(source);
    if (text.length() > MOST_CHARACTERS) {
      problems.add(
          0,
          "there are %s characters, must be at most %s; is it the right file?"
              .formatted(text.length(), MOST_CHARACTERS));
    } else if (text.indexOf('\0') >= 0) {
      problems.add(0, "it holds a character of no value (NUL); is it the right file?");
    }
    problems.throwIfAny();
    HoconScan scan = new HoconScan(text);
    try {
      scan.object(List.of(), 0);
    } catch (TooMuch e) {
      problems.add(scan.line, e.getMessage());
    }
    problems.throwIfAny();
    return scan.expansions.total();
  }

  private boolean isAtEnd() {
    return at >= text.length();
  }

  private char next() {
    return isAtEnd() ? '\0' : text.charAt(at);
  }

  private void step() {
    line += next() == '\n' ? 1 : 0;
    at++;
  }

  /** Fields up to the brace that closes them, or the end. */
  private void object(List<String> path, int level) {
    requireLevel(level);
    while (!isAtEnd()) {
      skip(" \t\r\n,");
      char c = next();
      if (c == '}') {
        step();
        return;
      } else if (c == '{') { // the braces around all of it
        step();
        object(path, level + 1);
      } else if (!isAtEnd()) {
        field(path, level);
      }
    }
  }

  private void field(List<String> path, int level) {
    List<String> own = new ArrayList<>(path);
    StringBuilder part = new StringBuilder();
    while (!isAtEnd() && "=:{}\n,".indexOf(next()) < 0) {
      if (next() == '"') {
        part.append(quoted());
      } else if (next() == '.') {
        own.add(part.toString().strip());
        part.setLength(0);
        step();
      } else {
        part.append(next());
        step();
      }
      requireParts(own.size() - path.size());
    }
    String last = part.toString().strip();
    boolean isAppended = last.endsWith("+") && next() == '=';
    own.add(isAppended ? last.substring(0, last.length() - 1).strip() : last);
    char c = next();
    if (c == '=' || c == ':') {
      step();
    } else if (c != '{') {
      return; // an include, or what the library will refuse
    }
    expansions.define(own);
    if (isAppended) {
      substitution(own);
    }
    skip(" \t\r\n");
    value(own, level);
  }

  /** A value and what is put behind it, up to the end of the line or the field. */
  private void value(List<String> path, int level) {
    while (!isAtEnd()) {
      skip(" \t\r");
      switch (next()) {
        case '\n', ',', '}', ']' -> {
          return;
        }
        case '{' -> {
          step();
          object(path, level + 1);
        }
        case '[' -> {
          step();
          array(path, level + 1);
        }
        case '"' -> quoted();
        case '$' -> dollar();
        default -> step();
      }
    }
  }

  private void array(List<String> path, int level) {
    requireLevel(level);
    while (!isAtEnd()) {
      skip(" \t\r\n,");
      if (next() == ']') {
        step();
        return;
      }
      int before = at;
      value(path, level);
      if (at == before) {
        step(); // a brace that closes nothing
      }
    }
  }

  private void dollar() {
    step();
    if (next() != '{') {
      return;
    }
    int end = text.indexOf('}', at);
    String inner = text.substring(at + 1, end < 0 ? text.length() : end);
    while (at < (end < 0 ? text.length() : end + 1)) {
      step();
    }
    String path = inner.startsWith("?") ? inner.substring(1) : inner;
    List<String> target = new ArrayList<>();
    for (String part : path.replace("\"", "").split("\\.", MOST_PARTS + 2)) {
      target.add(part.strip());
    }
    requireParts(target.size());
    substitution(target);
  }

  private void substitution(List<String> target) {
    if (++substitutions > MOST_SUBSTITUTIONS) {
      throw new TooMuch(
          "there are more than %s substitutions and `+=`; write values where they belong"
              .formatted(MOST_SUBSTITUTIONS));
    }
    expansions.substitute(target);
  }

  /** A string in one or three quotes; what is in it. */
  private String quoted() {
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
  private void skip(String blanks) {
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

  private static void requireLevel(int level) {
    if (level > MOST_LEVELS) {
      throw new TooMuch("braces and brackets are nested deeper than %s".formatted(MOST_LEVELS));
    }
  }

  private static void requireParts(int parts) {
    if (parts > MOST_PARTS) {
      throw new TooMuch("a path has more than %s parts between dots".formatted(MOST_PARTS));
    }
  }
}
