package dev.stockpot.merge.engine;

import dev.stockpot.merge.UserException;
import java.io.IOException;

/** Finds the reason in what an engine reports of tasks that failed for good. */
public final class TaskFailure {
  private TaskFailure() {}

  /** The failure in words for a user. */
  public static UserException of(Throwable failure) {
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
