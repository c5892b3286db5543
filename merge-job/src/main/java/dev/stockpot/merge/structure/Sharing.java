package dev.stockpot.merge.structure;

/** Whether the output head of a model is its input embedding. */
enum Sharing {
  /** One tensor serves as both; a loader needs no head. */
  SHARED,
  /** The head has weights of its own. */
  SEPARATE,
  /** The configuration is silent, and the family is not known. */
  UNTOLD
}
