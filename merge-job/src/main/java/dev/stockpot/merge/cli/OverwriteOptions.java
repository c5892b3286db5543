package dev.stockpot.merge.cli;

import dev.stockpot.merge.commit.EarlierOutput;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.util.List;
import java.util.Set;
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

  /** Replaces what an earlier command wrote, and nothing else. */
  static OverwriteOptions ours() {
    OverwriteOptions options = new OverwriteOptions();
    options.overwrite = true;
    return options;
  }

  /** Whether an earlier output is to be replaced. */
  boolean isAsked() {
    return overwrite || foreign;
  }

  /** What of a folder may go. Says it, where that is more than what is ours. */
  Replaceable replaceable(ObjectStore store, Location folder, Console console) throws IOException {
    if (!isAsked()) {
      return Replaceable.NOTHING;
    }
    Replaceable ours = EarlierOutput.in(store, folder);
    if (!foreign) {
      return ours;
    }
    Set<String> all = store.tree(folder, Integer.MAX_VALUE);
    List<String> others = ours.foreign(all);
    if (!others.isEmpty()) {
      console.notice(
          "%s, once the new one is whole, loses %s"
              .formatted(folder, Replaceable.described(others)));
    }
    return Replaceable.of(all);
  }
}
