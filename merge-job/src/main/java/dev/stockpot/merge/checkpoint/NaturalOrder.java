package dev.stockpot.merge.checkpoint;

import java.util.Comparator;

/**
 * Orders names as people do: numbers in them by value, so {@code layers.2} comes before {@code
 * layers.10}.
 */
public enum NaturalOrder implements Comparator<String> {
  INSTANCE;

  @Override
  public int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      if (isDigit(a.charAt(i)) && isDigit(b.charAt(j))) {
        int aEnd = endOfNumber(a, i);
        int bEnd = endOfNumber(b, j);
        int byValue = compareNumbers(a, i, aEnd, b, j, bEnd);
        if (byValue != 0) {
          return byValue;
        }
        i = aEnd;
        j = bEnd;
      } else {
        int byCharacter = Character.compare(a.charAt(i), b.charAt(j));
        if (byCharacter != 0) {
          return byCharacter;
        }
        i++;
        j++;
      }
    }
    int byRest = Integer.compare(a.length() - i, b.length() - j);
    return byRest != 0 ? byRest : a.compareTo(b); // 01 and 1 are equal in value, not in name
  }

  private static int compareNumbers(String a, int i, int aEnd, String b, int j, int bEnd) {
    int aFirst = skipZeros(a, i, aEnd);
    int bFirst = skipZeros(b, j, bEnd);
    int byLength = Integer.compare(aEnd - aFirst, bEnd - bFirst);
    return byLength != 0
        ? byLength
        : a.substring(aFirst, aEnd).compareTo(b.substring(bFirst, bEnd));
  }

  private static int skipZeros(String text, int from, int end) {
    int first = from;
    while (first < end - 1 && text.charAt(first) == '0') {
      first++;
    }
    return first;
  }

  private static int endOfNumber(String text, int from) {
    int end = from;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
