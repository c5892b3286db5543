package dev.stockpot.merge.run;

import dev.stockpot.merge.engine.MergeEngine;
import dev.stockpot.merge.settings.Settings;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Where the engine of merges comes from: it runs, or starts when a merge wants it. */
interface EngineSource extends AutoCloseable {
  /** Whether tasks will run in this JVM. */
  boolean isHere();

  /** What whoever started the engine configured, by the whole key. */
  Map<String, String> configuration();

  /**
   * Starts the engine beside whatever else the caller does, unless it runs.
   *
   * @return gives the engine, or throws what a user should know
   */
  CompletableFuture<Supplier<MergeEngine>> start(Settings settings);

  /** Waits for an engine that starts, and stops what was started here. */
  @Override
  void close();
}
