package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.MergeOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Options of commands that make a folder by a job of Spark, which may stop on the way. */
final class OutputOptions {
  @Mixin private OverwriteOptions overwrite;

  @Option(
      names = "--resume",
      description =
          "Go on where an earlier run into the same folder stopped, if one did; if this one fails, keep what is finished.")
  private boolean resume;

  @Option(names = "--quiet", description = "Print nothing unless it fails.")
  private boolean quiet;

  /** What was said here beside what was said elsewhere. */
  MergeOptions in(MergeOptions options) {
    MergeOptions replacing = options.replacing(overwrite.word());
    return resume ? replacing.resuming() : replacing;
  }

  Console console(CommandSpec spec) {
    return new Console(spec.commandLine(), quiet);
  }
}
