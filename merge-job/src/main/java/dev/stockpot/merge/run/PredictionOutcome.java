package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

/**
 * Predictions that were made.
 *
 * @param folder that has them
 * @param page to look at
 * @param result what was found on the way
 * @param seconds that it took
 */
public record PredictionOutcome<T>(String folder, String page, T result, double seconds) {
  public PredictionOutcome {
    requireNonNull(folder, "folder is null");
    requireNonNull(page, "page is null");
    requireNonNull(result, "result is null");
  }
}
