package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.MergeEngine;
import dev.stockpot.merge.settings.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** An engine of our own, started once for all merges, with the settings of the first. */
final class OwnEngine implements EngineSource {
  private final BooleanSupplier isHere;
  private final Function<Settings, MergeEngine> starter;
  private Optional<CompletableFuture<Supplier<MergeEngine>>> started = Optional.empty();

  /**
   * @param isHere whether tasks will run in this JVM; asked when a merge begins
   * @param starter waits until the engine is there
   */
  OwnEngine(BooleanSupplier isHere, Function<Settings, MergeEngine> starter) {
    this.isHere = isHere;
    this.starter = starter;
  }

  @Override
  public boolean isHere() {
    return isHere.getAsBoolean();
  }

  /** Nothing: this process has it all in its system properties. */
  @Override
  public Map<String, String> configuration() {
    return Map.of();
  }

  @Override
  public synchronized CompletableFuture<Supplier<MergeEngine>> start(Settings settings) {
    if (started.isEmpty()) {
      started = Optional.of(CompletableFuture.supplyAsync(() -> tried(settings)));
    }
    return started.get();
  }

  private Supplier<MergeEngine> tried(Settings settings) {
    try {
      MergeEngine engine = starter.apply(settings);
      return () -> engine;
    } catch (UserException e) {
      return () -> {
        throw e;
      };
    } catch (RuntimeException | LinkageError e) {
      return () -> {
        throw new UserException("Spark did not start: " + e.getMessage(), e);
      };
    }
  }

  @Override
  public synchronized void close() {
    if (started.isPresent()) {
      MergeEngine engine;
      try {
        engine = started.get().join().get();
      } catch (UserException e) {
        return; // it did not start, which the merge has told
      }
      engine.close();
      started = Optional.empty();
    }
  }
}
