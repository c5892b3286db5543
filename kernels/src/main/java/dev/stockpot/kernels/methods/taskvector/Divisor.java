package dev.stockpot.kernels.methods.taskvector;

/** What the merged task vector is divided by. */
enum Divisor {
  NONE,
  /** The weights, of each element those that agreed. */
  WEIGHTS,
  /** Of each element, how many task vectors have it. */
  KEPT;

  /** As the parameter {@code normalize} says it. */
  static Divisor of(boolean normalize) {
    return normalize ? WEIGHTS : NONE;
  }
}
