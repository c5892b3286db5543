package dev.stockpot.merge;

/** What a failure is about, for callers that act on it without reading its words. */
public enum FailureKind {
  /** The recipe breaks a rule. */
  RECIPE,
  /** A model cannot be used: a file of it is damaged, or is none of its kind. */
  MODEL,
  /** Merges cannot be made together with others in one reading of their inputs. */
  UNLIKE,
  /** The output folder is not free. */
  OUTPUT_TAKEN,
  /** The store did not say whether the output became visible; the message says what to check. */
  OUTPUT_UNKNOWN,
  /** A file, a folder or a store cannot be read or written. */
  STORAGE,
  /** Something else that a user can mend, as the message says. */
  OTHER
}
