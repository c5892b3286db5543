package dev.stockpot.merge.settings;

/** Who is to compute. */
enum Provider {
  /** The first of the others that can run where the task runs. */
  AUTO,
  /** An NVIDIA GPU. */
  RAPIDS,
  /** SIMD lanes. */
  VECTOR,
  /** Plain loops. */
  SCALAR;

  /** How settings and logs write it. */
  public String word() {
    return Setting.word(this);
  }
}
