package dev.stockpot.merge.spark.frames;

import dev.stockpot.merge.UserException;
import java.util.function.Supplier;
import org.apache.spark.SparkThrowable;

/** What Spark says of tables that it cannot read, in a sentence. */
final class Failures {
  private Failures() {}

  /**
   * Does it.
   *
   * @param subject that is read
   * @throws UserException if Spark fails
   */
  static <T> T told(Object subject, Supplier<T> work) {
    try {
      return work.get();
    } catch (UserException e) {
      throw e;
    } catch (Exception e) { // Scala declares no checked ones
      throw new UserException("%s cannot be read: %s".formatted(subject, reason(e)), e);
    }
  }

  /** The first line of what was there first. */
  static String reason(Throwable failure) {
    Throwable first = failure;
    while (first.getCause() != null && first.getCause() != first) {
      first = first.getCause();
    }
    String message = String.valueOf(first.getMessage()).lines().findFirst().orElse("");
    if (first instanceof SparkThrowable known && known.getSqlState() != null) {
      message = message.replace("SQLSTATE: " + known.getSqlState(), "").strip();
    }
    return message.isEmpty() ? first.getClass().getSimpleName() : message;
  }
}
