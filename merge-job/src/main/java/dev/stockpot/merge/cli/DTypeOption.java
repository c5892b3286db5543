package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.MergeOptions;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The option for the type of the output. */
final class DTypeOption {
  /** The types that can be written. */
  enum Word {
    BFLOAT16,
    FLOAT16,
    FLOAT32,
    FLOAT64
  }

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "Type of the merged floating-point tensors: bfloat16, float16, float32, float64."
              + " Without it the recipe decides, else each tensor keeps its type.")
  private Word word;

  /** The options with the type that was said, if one was. */
  MergeOptions in(MergeOptions options) {
    return word == null ? options : options.withDtype(word.name().toLowerCase(Locale.ROOT));
  }
}
