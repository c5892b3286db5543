package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.engine.MergeTotals;
import java.util.List;

/**
 * A model that was copied.
 *
 * @param folder where it is now
 * @param source where it was, a hub's at its commit
 * @param files that were copied
 * @param checked how many of them had a digest where they were, which their bytes have
 * @param bytes of all files
 * @param left files that were not copied: weights in other formats than safetensors, and code
 * @param totals what tasks and this process did
 * @param seconds from the call on
 */
public record FetchOutcome(
    String folder,
    String source,
    int files,
    int checked,
    long bytes,
    List<String> left,
    MergeTotals totals,
    double seconds) {
  public FetchOutcome {
    requireNonNull(folder, "folder is null");
    requireNonNull(source, "source is null");
    requireNonNull(totals, "totals is null");
    left = List.copyOf(left);
  }
}
