package dev.stockpot.example;

import dev.stockpot.merge.run.Merge;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.MergeOutcome;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.Stockpot;
import java.util.ArrayList;
import java.util.List;

/** What docs/library.md shows of several merges, in a package that sees what everybody sees. */
public final class MergesInOneReading {
  private MergesInOneReading() {}

  /** Merges the folders base, a and b below {@code models} at several densities. */
  public static List<MergeOutcome> merge(
      Stockpot stockpot, String models, String merged, MergeOptions options) {
    List<Merge> merges = new ArrayList<>();
    for (int percent = 20; percent <= 80; percent += 20) {
      MergeRecipe recipe =
          MergeRecipe.by("ties")
              .base(models + "/base")
              .parameter("weight", 1.0)
              .parameter("density", percent / 100.0)
              .model(models + "/a")
              .model(models + "/b")
              .build();
      merges.add(Merge.of(recipe, merged + "/density-" + percent));
    }
    return stockpot.mergeAll(merges, options);
  }
}
