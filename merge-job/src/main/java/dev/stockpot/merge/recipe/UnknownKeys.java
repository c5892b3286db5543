package dev.stockpot.merge.recipe;

/** What becomes of words in a recipe that nothing comes of, as in mergekit. */
public enum UnknownKeys {
  /** They are told, unless they look like a slip of the pen. */
  NOTICE,
  /** They are problems. */
  ERROR
}
