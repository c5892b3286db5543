package dev.stockpot.merge.output;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What an output is beside its tensors.
 *
 * @param layout of its files
 * @param edits what becomes of the donor's configuration, one after the other
 * @param companions what lies beside both
 */
public record OutputFolder(
    OutputLayout layout, List<ConfigEdit> edits, List<Companion> companions) {
  public OutputFolder {
    requireNonNull(layout, "layout is null");
    edits = List.copyOf(edits);
    companions = List.copyOf(companions);
  }
}
