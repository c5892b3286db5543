package dev.stockpot.merge.compare;

import static java.util.Objects.requireNonNull;

/**
 * Something in which two configurations differ.
 *
 * @param words what each of them says, in its own words
 */
public record Difference(Weight weight, String words) {

  /** What a difference means for a merge. */
  public enum Weight {
    /** The same weights compute something else: what is merged makes no sense. */
    NONSENSE,
    /** It may be meant: the result has what one of them says. */
    PERHAPS_MEANT
  }

  public Difference {
    requireNonNull(weight, "weight is null");
    requireNonNull(words, "words are null");
  }
}
