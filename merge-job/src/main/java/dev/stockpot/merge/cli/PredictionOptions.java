package dev.stockpot.merge.cli;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.predict.EnsembleRequest;
import dev.stockpot.merge.run.MergeOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Options of commands that read tables of predictions and write a folder, and what these print. */
final class PredictionOptions {
  @Option(names = "--json", description = "Print what was found as one line of JSON.")
  private boolean json;

  @Option(names = "--quiet", description = "Print nothing unless it fails.")
  private boolean quiet;

  @Mixin private TableOptions read;
  @Mixin private OverwriteOptions overwrite;
  @Mixin private SettingsOptions settings;

  EnsembleRequest.Inputs inputs() {
    return read.inputs();
  }

  MergeOptions options() {
    return settings.options().replacing(overwrite.word());
  }

  long seed() {
    return settings.seedOr(0);
  }

  /** Says nothing where JSON is printed. */
  Console console(CommandSpec spec) {
    return new Console(spec.commandLine(), quiet || json);
  }

  /** Prints what was found, where a program reads it; the console has told it to people. */
  void print(JsonObject found, CommandSpec spec) {
    if (json) {
      spec.commandLine().getOut().println(JsonWriter.text(JsonStyle.COMPACT, found));
    }
  }
}
