package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

/**
 * A pattern for one name: {@code *} is any number of characters, {@code ?} one; all others are
 * themselves. Looked for from the left, with one place to go back to, so that many stars take no
 * longer than the lengths of pattern and name multiplied.
 */
record Glob(String pattern) {
  Glob {
    requireNonNull(pattern, "pattern is null");
  }

  /** Whether any character of it is not itself. */
  boolean isPattern() {
    return pattern.indexOf('*') >= 0 || pattern.indexOf('?') >= 0;
  }

  boolean matches(String name) {
    int at = 0;
    int star = -1;
    int retry = 0;
    for (int place = 0; place < name.length(); ) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        retry = place;
      } else if (at < pattern.length() && isOne(pattern.charAt(at), name.charAt(place))) {
        at++;
        place++;
      } else if (star >= 0) { // the last star takes one more
        at = star + 1;
        place = ++retry;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length();
  }

  private static boolean isOne(char wanted, char there) {
    return wanted == '?' || wanted == there;
  }
}
