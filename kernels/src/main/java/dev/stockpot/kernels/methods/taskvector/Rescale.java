package dev.stockpot.kernels.methods.taskvector;

/** How what a drop leaves of a task vector is scaled. */
enum Rescale {
  NONE("none"),
  /** To the L1 norm that it had. */
  TO_NORM("l1"),
  /** As the DARE paper does, which leaves the expected value as it was. */
  BY_DENSITY("1/density");

  private final String word;

  Rescale(String word) {
    this.word = word;
  }

  @Override
  public String toString() {
    return word;
  }
}
