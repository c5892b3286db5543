package dev.stockpot.example;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.run.MergeListener;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.MergeOutcome;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.MergeStoppedException;
import dev.stockpot.merge.run.Stockpot;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** What docs/library.md shows, in a package that sees of Stockpot what everybody sees. */
public final class MergeInYourSession {
  private MergeInYourSession() {}

  /** Merges the folders base, a and b below {@code models}. */
  public static String merge(SparkSession session, String models, String merged) {
    MergeRecipe recipe =
        MergeRecipe.by("ties")
            .base(models + "/base")
            .model(models + "/a", Map.of("weight", 1.0, "density", 0.5))
            .model(models + "/b", Map.of("weight", 0.5, "density", 0.3))
            .dtype("bfloat16")
            .build();
    MergeOptions options = MergeOptions.DEFAULT.overwriting().withSetting("seed", 7);
    MergeListener log =
        new MergeListener() {
          @Override
          public void shardFinished(String file, long bytes) {
            System.err.println(file + " is whole");
          }
        };
    try (Stockpot stockpot = Stockpot.on(session)) {
      MergeOutcome outcome = stockpot.merge(recipe, merged, options, log);
      return outcome.folder() + " has " + outcome.tensors() + " tensors";
    } catch (MergeStoppedException e) {
      return e.reason() + "; left of it: " + e.leftovers();
    } catch (UserException e) {
      return e.kind() + ": " + e.getMessage();
    }
  }
}
