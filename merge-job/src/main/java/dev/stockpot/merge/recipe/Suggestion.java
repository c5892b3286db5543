package dev.stockpot.merge.recipe;

import static java.util.stream.Collectors.joining;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that somebody meant. */
public final class Suggestion {
  private static final int EDIT = 10; // one letter wrong, missing, too many or swapped
  private static final int NEAR = 1; // the separator or the case is wrong: hardly a difference

  private Suggestion() {}

  /** The known word that is nearest, unless even that one is another word altogether. */
  public static Optional<String> closest(String word, Collection<String> known) {
    int far = EDIT * Math.max(1, word.length() / 4);
    return known.stream()
        .filter(candidate -> Math.abs(word.length() - candidate.length()) * EDIT <= far)
        .filter(candidate -> distance(word, candidate) <= far)
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  /** {@code did you mean `weight`?}, or else the rest of the sentence, with every known word. */
  public static String or(String otherwise, String word, Collection<String> known) {
    return closest(word, known)
        .map("did you mean `%s`?"::formatted)
        .orElseGet(() -> otherwise + " " + quoted(known));
  }

  static String quoted(Collection<String> words) {
    return words.stream().map("`%s`"::formatted).collect(joining(", "));
  }

  /**
   * Damerau-Levenshtein (neighbours may be swapped), by rows: {@code row[j]} is for b's first j.
   */
  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j * EDIT;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
      row[0] = i * EDIT;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + difference(a.charAt(i - 1), b.charAt(j - 1));
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + EDIT);
        boolean isSwap =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (isSwap) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + EDIT);
        }
      }
    }
    return row[b.length()];
  }

  private static int difference(char a, char b) {
    if (a == b) {
      return 0;
    }
    boolean isNear =
        (isSeparator(a) && isSeparator(b)) || Character.toLowerCase(a) == Character.toLowerCase(b);
    return isNear ? NEAR : EDIT;
  }

  private static boolean isSeparator(char c) {
    return c == '-' || c == '_' || c == ' ' || c == '.';
  }
}
