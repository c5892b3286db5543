package dev.stockpot.merge.recipe;

/** Where a {@code parameters} block stands. */
enum Level {
  RECIPE,
  SLICE,
  MODEL
}
