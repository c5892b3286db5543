package dev.stockpot.merge.adapter;

import dev.stockpot.merge.Shown;
import dev.stockpot.merge.UserException;
import java.util.regex.Pattern;

/**
 * Matches patterns that others wrote: some of them look at a name more often than anybody waits.
 */
final class BoundedMatch {
  /**
   * Letters looked at; a name has some dozens, and a sensible pattern looks at each a few times.
   */
  private static final int MOST = 1_000_000;

  private BoundedMatch() {}

  /**
   * Whether the whole of a name matches.
   *
   * @throws UserException if that takes too long to say
   */
  static boolean matches(Pattern pattern, String name) {
    return pattern.matcher(new Counted(name, pattern, new int[1])).matches();
  }

  /** A name that counts how often its letters are looked at. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Counted(String name, Pattern pattern, int[] looks) implements CharSequence {
    @Override
    public char charAt(int place) {
      if (++looks[0] > MOST) {
        throw new UserException(
            "adapter_config.json: the pattern %s takes too long to say whether it matches %s; write names instead"
                .formatted(Shown.quoted(pattern.pattern()), Shown.quoted(name)));
      }
      return name.charAt(place);
    }

    @Override
    public int length() {
      return name.length();
    }

    @Override
    public CharSequence subSequence(int begin, int end) {
      return name.substring(begin, end);
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
