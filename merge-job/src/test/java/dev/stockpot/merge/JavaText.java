package dev.stockpot.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Java as text, as far as messages in it need: what is a comment, what a literal, and where the
 * arguments of a call end.
 *
 * @param code with comments gone and literals in their places
 */
record JavaText(String code) {
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<literal>\"\"\"(?:\\\\.|[^\\\\])*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])+')"
              + "|(?<comment>//[^\\n]*|/\\*.*?\\*/)",
          Pattern.DOTALL);
  private static final Pattern TEXT =
      Pattern.compile("\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"", Pattern.DOTALL);
  private static final Pattern WORDS = Pattern.compile("\\S \\S");
  private static final Pattern CONVERSION = Pattern.compile("%[^%n ]|\\{}");
  private static final Pattern JOINED =
      Pattern.compile("[\\w)\"]\\s*\\+\\s*[A-Za-z(]|[\\w)]\\s*\\+\\s*\"");

  /** What makes or passes on a message for somebody who reads it. */
  private static final Pattern CALL =
      Pattern.compile(
          "(?<what>\\bnew\\s+\\w*Exception|\\b\\w*[pP]roblems\\w*\\s*\\.\\s*add(?:If)?"
              + "|\\bfaults\\s*\\.\\s*add|\\b\\w*[nN]otices\\w*\\s*\\.\\s*add|\\bnoticed"
              + "|\\b(?:out|err)\\w*\\s*(?:\\(\\)\\s*)?\\.\\s*print(?:ln|f)?|\\bLOG\\s*\\.\\s*\\w+)"
              + "\\s*\\(");

  /** Arguments of exceptions that their messages do not show. */
  private static final Pattern CAUSE =
      Pattern.compile("e|\\w*[cC]ause|\\w*[fF]ailure|null|true|false");

  /**
   * A message in the code.
   *
   * @param call what it is handed to
   * @param hasValue whether it tells more than its constant words
   */
  record Message(String call, String arguments, boolean hasValue) {}

  static JavaText of(String source) {
    return new JavaText(
        TOKEN
            .matcher(source)
            .replaceAll(
                token -> token.group(2) == null ? Matcher.quoteReplacement(token.group()) : " "));
  }

  /** The messages of two words or more. */
  List<Message> messages() {
    List<Message> messages = new ArrayList<>();
    Matcher call = CALL.matcher(code);
    while (call.find()) {
      String arguments = code.substring(call.end(), endOfArguments(call.end()));
      if (TEXT.matcher(arguments).results().anyMatch(text -> WORDS.matcher(text.group()).find())) {
        boolean isException = call.group("what").startsWith("new");
        messages.add(
            new Message(
                call.group("what"),
                arguments.replaceAll("\\s+", " "),
                hasValue(arguments, isException)));
      }
    }
    return messages;
  }

  private int endOfArguments(int begin) {
    Matcher token = TOKEN.matcher(code);
    int depth = 1;
    int at = begin;
    while (depth > 0) {
      char next = code.charAt(at);
      if ((next == '"' || next == '\'') && token.region(at, code.length()).lookingAt()) {
        at = token.end();
        continue;
      }
      depth += next == '(' ? 1 : next == ')' ? -1 : 0;
      at++;
    }
    return at - 1;
  }

  private static boolean hasValue(String arguments, boolean isException) {
    boolean isFormatted =
        TEXT.matcher(arguments).results().anyMatch(text -> CONVERSION.matcher(text.group()).find());
    String bare = TEXT.matcher(arguments).replaceAll("\"\"");
    return isFormatted || JOINED.matcher(bare).find() || (isException && passesAValue(bare));
  }

  /** Whether the exception is told, beside words, of what they are about. */
  private static boolean passesAValue(String bare) {
    for (String argument : bare.split(",", -1)) {
      String plain = argument.strip();
      if (!plain.contains("\"\"") && !CAUSE.matcher(plain).matches()) {
        return true;
      }
    }
    return false;
  }
}
