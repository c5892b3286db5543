package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.Overwrite;
import picocli.CommandLine.Option;

/** Options of commands that write a folder where one may be already. */
final class OverwriteOptions {
  @Option(
      names = "--overwrite",
      description = "Replace what an earlier Stockpot wrote there, once the new one is whole.")
  private boolean overwrite;

  @Option(
      names = "--overwrite-foreign",
      description = "Replace whatever is there, also what Stockpot did not write; says what goes.")
  private boolean foreign;

  /** What was said, and where both were, what replaces more. */
  Overwrite word() {
    if (foreign) {
      return Overwrite.ANYTHING;
    }
    return overwrite ? Overwrite.OURS : Overwrite.NOTHING;
  }
}
