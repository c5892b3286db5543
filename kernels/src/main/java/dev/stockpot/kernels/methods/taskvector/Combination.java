package dev.stockpot.kernels.methods.taskvector;

/** How the task vectors of several models become one. */
enum Combination {
  /** Their weighted sum. */
  WEIGHTED_SUM,
  /** The weighted sum of those that have the sign of the weighted sum of all. */
  ELECT_SIGN,
  /** The weighted sum of those that have the sign of the plain sum of all. */
  ELECT_SIGN_UNWEIGHTED
}
