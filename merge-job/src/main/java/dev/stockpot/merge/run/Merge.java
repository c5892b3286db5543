package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.storage.Location;

/**
 * One of several merges that are made in one reading of their inputs.
 *
 * @param recipe what to merge
 * @param output where to: a folder of this machine, {@code s3a://…}, {@code hdfs://…}
 * @param listener hears of this merge alone
 */
public record Merge(MergeRecipe recipe, String output, MergeListener listener) {
  public Merge {
    requireNonNull(recipe, "recipe is null");
    requireNonNull(output, "output is null");
    requireNonNull(listener, "listener is null");
  }

  /** A merge that nobody hears of before its end. */
  public static Merge of(MergeRecipe recipe, String output) {
    return new Merge(recipe, output, MergeListener.SILENT);
  }

  Location folder() {
    return Location.typed(output);
  }

  /** This one, with somebody to hear of it. */
  public Merge toldTo(MergeListener hears) {
    return new Merge(recipe, output, hears);
  }
}
