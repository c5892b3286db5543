package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.Stockpot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Cuts an adapter out of a fine-tune: short for a recipe. */
@Command(
    name = "extract",
    description =
        "Makes a LoRA adapter, for the peft library, of what a fine-tune changes of its base.",
    footer = {
      "",
      "Example:",
      "  stockpot extract models/base models/math adapters/math --rank 32",
      "",
      "By recipe: `output: {kind: adapter, rank: 32}`, for any merge with a base_model."
    },
    mixinStandardHelpOptions = true)
final class ExtractCommand implements Callable<Integer> {
  @Parameters(paramLabel = "BASE", description = "The model that the adapter will change.")
  private String base;

  @Parameters(paramLabel = "MODEL", description = "The fine-tune of it.")
  private String model;

  @Parameters(paramLabel = "OUT", description = "Folder of the adapter.")
  private String output;

  @Option(
      names = "--rank",
      paramLabel = "N",
      description =
          "Singular values to keep of each matrix; with another rule, the most. Default: 32.")
  private Integer rank;

  @Option(
      names = "--energy",
      paramLabel = "SHARE",
      description = "Keep as few as have that share of the sum of all squares.")
  private Double energy;

  @Option(names = "--threshold", paramLabel = "SIGMA", description = "Keep those that are larger.")
  private Double threshold;

  @Option(
      names = "--error",
      paramLabel = "SHARE",
      description = "Keep as few as leave no larger share of the change's length.")
  private Double error;

  @Option(
      names = "--embeddings",
      paramLabel = "HOW",
      description =
          "Embeddings and heads that differ: whole (in the adapter as they are; the default), low-rank, or leave (as in the base).")
  private String embeddings;

  @Option(
      names = "--exclude",
      paramLabel = "REGEX",
      description = "Leave tensors with that in their names as they are; may be repeated.")
  private List<String> exclude = new ArrayList<>();

  @Mixin private OutputOptions written;

  @Mixin private SettingsOptions options;
  @Mixin private DTypeOption type;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MergeOptions said = written.in(type.in(options.options()));
    try (Stockpot stockpot = Stockpot.embedded();
        MergeTalk talk = new MergeTalk(written.console(spec), "Extracting")) {
      talk.end(stockpot.merge(recipe(), output, said, talk));
    }
    return 0;
  }

  private MergeRecipe recipe() {
    Map<String, Object> adapter = new LinkedHashMap<>();
    adapter.put("kind", "adapter");
    put(adapter, "rank", rank);
    put(adapter, "energy", energy);
    put(adapter, "threshold", threshold);
    put(adapter, "error", error);
    put(adapter, "embeddings", embeddings);
    put(adapter, "exclude", exclude.isEmpty() ? null : exclude);
    return MergeRecipe.by("passthrough").base(base).model(model).output(adapter).build();
  }

  private static void put(Map<String, Object> into, String key, Object value) {
    if (value != null) {
      into.put(key, value);
    }
  }
}
