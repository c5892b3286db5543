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
    SparkSession session = SparkSession.builder().appName("my merges").getOrCreate();
    boolean isMerged = merge(session, words[0], words[1]);
    session.stop();
    if (!isMerged) {
      System.exit(1);
    }
  }

  private static boolean merge(SparkSession session, String models, String output) {
    MergeRecipe recipe =
        MergeRecipe.by("ties")
            .base(models + "/base")
            .model(models + "/math", Map.of("weight", 1.0, "density", 0.5))
            .model(models + "/code", Map.of("weight", 0.5, "density", 0.3))
            .dtype("bfloat16")
            .build();
    MergeOptions options = MergeOptions.DEFAULT.resuming().withSetting("seed", 7);
    try (Stockpot stockpot = Stockpot.on(session)) {
      MergeOutcome outcome = stockpot.merge(recipe, output, options, new Log());
      System.out.println(outcome.folder() + " has " + outcome.tensors() + " tensors");
      return true;
    } catch (MergeStoppedException e) {
      System.err.println(e.reason() + "; left of it: " + e.leftovers());
    } catch (UserException e) {
      System.err.println(e.kind() + ": " + e.getMessage());
    }
    return false;
  }

  private static final class Log implements MergeListener {
    @Override
    public void noticed(String notice) {
      System.err.println("Note: " + notice);
    }

    @Override
    public void progressed(long bytes, long of) {
      System.err.println(100 * bytes / of + " %");
    }
  }
}
