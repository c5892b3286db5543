package dev.stockpot.kernels.method;

/**
 * Takes numbers that a {@link MatrixProgram} finds on its way, for people: the share that a map
 * explains, a ridge that had to be raised.
 */
@FunctionalInterface
public interface Measures {
  /** Who wants none. */
  Measures NONE = (name, value) -> {};

  /**
   * Takes one of the tensor that is made.
   *
   * @param name what it is, in the words that people read, such as {@code R²}
   * @param value a finite number
   */
  void take(String name, double value);
}
