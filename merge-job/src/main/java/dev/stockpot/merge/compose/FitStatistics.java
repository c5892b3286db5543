package dev.stockpot.merge.compose;

import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;

/** Who knows what writers of statistics say of them. */
@FunctionalInterface
public interface FitStatistics {
  /** A checkpoint of statistics, with its notes, its counts, and what is wrong with it. */
  StatisticsCheckpoint of(ModelReference checkpoint);
}
