package dev.stockpot.merge.output;

import static java.util.Objects.requireNonNull;

/**
 * What an output is beside its tensors.
 *
 * @param layout of its files
 * @param changes what becomes of the configuration
 */
public record OutputFolder(OutputLayout layout, ConfigChanges changes) {
  public OutputFolder {
    requireNonNull(layout, "layout is null");
    requireNonNull(changes, "changes is null");
  }
}
