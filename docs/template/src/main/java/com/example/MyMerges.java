package com.example;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.run.MergeListener;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.MergeOutcome;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.MergeStoppedException;
import dev.stockpot.merge.run.Stockpot;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Merges two fine-tunes of a base model in a session of its own: MODELS OUTPUT. */
public final class MyMerges {
  private MyMerges() {}

  public static void main(String[] words) {
    String models = words[0];
    String output = words[1];
    MergeRecipe recipe =
        MergeRecipe.by("ties")
            .base(models + "/base")
            .model(models + "/math", Map.of("weight", 1.0, "density", 0.5))
            .model(models + "/code", Map.of("weight", 0.5, "density", 0.3))
            .dtype("bfloat16")
            .build();
    MergeOptions options = MergeOptions.DEFAULT.resuming().withSetting("seed", 7);
    MergeListener log =
        new MergeListener() {
          @Override
          public void noticed(String notice) {
            System.err.println("Note: " + notice);
          }

          @Override
          public void progressed(long bytes, long of) {
            System.err.println(100 * bytes / of + " %");
          }
        };
    try (SparkSession session = SparkSession.builder().appName("my merges").getOrCreate();
        Stockpot stockpot = Stockpot.on(session)) {
      MergeOutcome outcome = stockpot.merge(recipe, output, options, log);
      System.out.println(outcome.folder() + " has " + outcome.tensors() + " tensors");
    } catch (MergeStoppedException e) {
      System.err.println(e.reason() + "; left of it: " + e.leftovers());
      System.exit(1);
    } catch (UserException e) {
      System.err.println(e.kind() + ": " + e.getMessage());
      System.exit(1);
    }
  }
}
