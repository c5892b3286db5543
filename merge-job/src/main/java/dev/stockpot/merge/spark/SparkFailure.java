package dev.stockpot.merge.spark;

import dev.stockpot.merge.UserException;
import java.io.IOException;

/** Finds the reason in what Spark reports of a failed job. */
final class SparkFailure {
  private SparkFailure() {}

  static UserException of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserException reason) {
        return reason;
      }
      if (cause instanceof IOException reason) {
        return new UserException(
            "A task failed, also when it was tried again: %s".formatted(reason.getMessage()),
            failure);
      }
    }
    String first = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return new UserException("Spark gave up: %s".formatted(first), failure);
  }
}
