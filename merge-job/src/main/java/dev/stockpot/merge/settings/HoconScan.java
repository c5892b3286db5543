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
  private static final int MOST_SUBSTITUTIONS = 1_000;

  private final HoconCursor text;
  private final Expansions expansions = new Expansions();
  private int substitutions;

  private HoconScan(String text) {
    this.text = new HoconCursor(text);
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
      problems.add(
          0,
          "character %s has no value (NUL); is it the right file?"
              .formatted(text.indexOf('\0') + 1));
    }
    problems.throwIfAny();
    HoconScan scan = new HoconScan(text);
    try {
      scan.object(List.of(), 0);
    } catch (TooMuch e) {
      problems.add(scan.text.line(), e.getMessage());
    }
    problems.throwIfAny();
    return scan.expansions.total();
  }

  /** Fields up to the brace that closes them, or the end. */
  private void object(List<String> path, int level) {
    TooMuch.requireLevel(level);
    while (!text.isAtEnd()) {
      text.skip(" \t\r\n,");
      char c = text.next();
      if (c == '}') {
        text.step();
        return;
      } else if (c == '{') { // the braces around all of it
        text.step();
        object(path, level + 1);
      } else if (c == '[') { // a list instead of fields, which the library refuses at its end
        text.step();
        array(path, level + 1);
      } else if (!text.isAtEnd()) {
        field(path, level);
      }
    }
  }

  private void field(List<String> path, int level) {
    List<String> own = new ArrayList<>(path);
    own.addAll(text.path("=:{}\n,+"));
    text.skip(" \t\r\n");
    boolean isAppended = text.next() == '+';
    if (isAppended) {
      text.step();
    }
    char c = text.next();
    if (c == '=' || c == ':') {
      text.step();
    } else if (c != '{') {
      return; // an include, or what the library will refuse
    }
    expansions.define(own);
    if (isAppended) {
      substitution(own);
    }
    text.skip(" \t\r\n");
    value(own, level);
  }

  /** A value and what is put behind it, up to the end of the line or the field. */
  private void value(List<String> path, int level) {
    while (!text.isAtEnd()) {
      text.skip(" \t\r");
      switch (text.next()) {
        case '\n', ',', '}', ']' -> {
          return;
        }
        case '{' -> {
          text.step();
          object(path, level + 1);
        }
        case '[' -> {
          text.step();
          array(path, level + 1);
        }
        case '"' -> text.quoted();
        case '$' -> dollar();
        default -> text.step();
      }
    }
  }

  private void array(List<String> path, int level) {
    TooMuch.requireLevel(level);
    while (!text.isAtEnd()) {
      text.skip(" \t\r\n,");
      if (text.next() == ']') {
        text.step();
        return;
      }
      int before = text.at();
      value(path, level);
      if (text.at() == before) {
        text.step(); // a brace that closes nothing
      }
    }
  }

  private void dollar() {
    text.step();
    if (text.next() != '{') {
      return;
    }
    text.step();
    if (text.next() == '?') {
      text.step();
    }
    List<String> target = text.path("}");
    while (!text.isAtEnd() && text.next() != '}') { // behind a comment
      text.skip("\n");
      text.path("}");
    }
    text.step();
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
}
