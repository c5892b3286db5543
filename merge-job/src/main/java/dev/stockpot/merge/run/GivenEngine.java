package dev.stockpot.merge.run;

import dev.stockpot.merge.engine.MergeEngine;
import dev.stockpot.merge.settings.Settings;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** An engine on what the caller has, which goes on when we are done. */
record GivenEngine(MergeEngine engine, boolean isHere, Map<String, String> configuration)
    implements EngineSource {
  GivenEngine {
    configuration = Map.copyOf(configuration);
  }

  @Override
  public CompletableFuture<Supplier<MergeEngine>> start(Settings settings) {
    return CompletableFuture.completedFuture(() -> engine);
  }

  @Override
  public void close() {
    engine.close();
  }

  @Override
  public String toString() { // the configuration may hold secrets
    return engine.toString();
  }
}
