package dev.stockpot.merge.cli;

import java.util.Optional;

/** What is said of a JVM that came to an end of its own: it is seldom where the fault is. */
final class Exhausted {
  /** So far causes are followed; a chain may lead back to itself. */
  private static final int MOST_CAUSES = 100;

  private Exhausted() {}

  /** In a sentence with a remedy, if memory or stack ran out anywhere on the way. */
  static Optional<String> of(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
      if (cause instanceof OutOfMemoryError) {
        return Optional.of(
            "The memory of this process did not suffice (%s). Give it more: STOCKPOT_HEAP=4g ./stockpot …, or --driver-memory for spark-submit"
                .formatted(cause.getMessage()));
      }
      if (cause instanceof StackOverflowError) {
        return Optional.of(
            "Something in the input is nested deeper than this process can follow (%s). Look at the recipe, the settings and the JSON files of the models"
                .formatted(where(cause)));
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  /** The method that called itself. */
  private static String where(Throwable failure) {
    StackTraceElement[] stack = failure.getStackTrace();
    return stack.length == 0
        ? "no trace"
        : stack[0].getClassName() + "." + stack[0].getMethodName();
  }
}
