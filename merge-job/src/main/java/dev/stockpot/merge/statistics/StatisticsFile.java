package dev.stockpot.merge.statistics;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.TensorSource;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Statistics with all that their writer said of them.
 *
 * @param name as the user called them
 * @param metadata of all files
 */
public record StatisticsFile(
    String name, StatisticsCheckpoint checkpoint, Map<String, String> metadata) {
  public StatisticsFile {
    requireNonNull(name, "name is null");
    requireNonNull(checkpoint, "checkpoint is null");
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
  }

  Map<String, TensorSource> tensors() {
    return checkpoint.model().tensors();
  }

  /** What a number in the metadata is, such as of examples; empty if it is none. */
  public Optional<Double> number(String key) {
    return Optional.ofNullable(metadata.get(key))
        .filter(text -> text.matches("[0-9]{1,18}"))
        .map(Double::valueOf);
  }
}
