package dev.stockpot.merge.checkpoint;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Orders names as people do: numbers in them by value, so {@code layers.2} comes before {@code
 * layers.10}.
 */
public enum NaturalOrder implements Comparator<String> {
  INSTANCE;

  private record Keyed<T>(String key, String name, T element) {}

  /** Sorts by name. The names are taken apart once each, not once for each comparison. */
  public static <T> List<T> sort(Collection<T> elements, Function<T, String> name) {
    return elements.stream()
        .map(element -> new Keyed<>(key(name.apply(element)), name.apply(element), element))
        .sorted(Comparator.comparing((Keyed<T> keyed) -> keyed.key()).thenComparing(Keyed::name))
        .map(Keyed::element)
        .toList();
  }

  @Override
  public int compare(String a, String b) {
    int byKey = key(a).compareTo(key(b));
    return byKey != 0 ? byKey : a.compareTo(b); // 01 and 1 are equal in value, not in name
  }

  /**
   * A name with each number led by how many digits it has, zeros in front left out, so that plain
   * comparison goes by value. Nine digits count as a 9 and however many more there are.
   */
  private static String key(String name) {
    StringBuilder key = new StringBuilder(name.length() + 8);
    int i = 0;
    while (i < name.length()) {
      if (!isDigit(name.charAt(i))) {
        key.append(name.charAt(i++));
        continue;
      }
      int end = i;
      while (end < name.length() && isDigit(name.charAt(end))) {
        end++;
      }
      while (i < end - 1 && name.charAt(i) == '0') {
        i++;
      }
      int digits = end - i;
      for (; digits >= 9; digits -= 9) {
        key.append('9');
      }
      key.append((char) ('0' + digits)).append(name, i, end);
      i = end;
    }
    return key.toString();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
