package dev.stockpot.merge.recipe;

/** What becomes of a key of the configuration that cannot say what slices made of the layers. */
public enum LostKeys {
  /** It is a problem. */
  FAIL,
  /** It stays as it is, and the user is told. */
  KEEP
}
