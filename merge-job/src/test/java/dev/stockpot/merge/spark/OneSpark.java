package dev.stockpot.merge.spark;

import dev.stockpot.merge.engine.MergeEngine;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One Spark for all merges of a test class, which join it as merges of one process do: each start
 * takes longer than most merges of tests. It is as a merge without settings starts it.
 */
public final class OneSpark implements BeforeAllCallback, AfterAllCallback {
  private MergeEngine spark;

  @Override
  public void beforeAll(ExtensionContext context) {
    spark = SparkEngine.start(Runtime.getRuntime().availableProcessors());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    spark.close();
  }
}
