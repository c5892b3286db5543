package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Statistics that were added up.
 *
 * @param file in which they lie
 * @param tensors how many
 * @param bytes of the file
 * @param examples how many they are of; empty if nobody says
 * @param remarks what a user should know of them
 */
public record StatisticsAdded(
    String file, int tensors, long bytes, Optional<String> examples, List<String> remarks) {
  public StatisticsAdded {
    requireNonNull(file, "file is null");
    remarks = List.copyOf(remarks);
  }
}
