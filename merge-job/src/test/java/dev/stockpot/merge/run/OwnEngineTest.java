package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.InProcessEngine;
import dev.stockpot.merge.engine.MergeEngine;
import dev.stockpot.merge.settings.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class OwnEngineTest {
  private static final Settings SETTINGS = Settings.load(Map.of(), Optional.empty());

  private final AtomicInteger starts = new AtomicInteger();
  private final InProcessEngine engine = new InProcessEngine();

  @Test
  void startsOnceForAllMergesAndIsClosedWithThem() {
    OwnEngine own =
        new OwnEngine(
            () -> true,
            settings -> {
              starts.incrementAndGet();
              return engine;
            });

    Supplier<MergeEngine> first = own.start(SETTINGS).join();
    assertThat(own.start(SETTINGS).join().get()).isSameAs(first.get()).isSameAs(engine);
    assertThat(starts).hasValue(1);
    assertThat(engine.isClosed()).isFalse();

    own.close();
    assertThat(engine.isClosed()).isTrue();
  }

  @Test
  void oneThatNobodyWantedIsNotStartedToBeClosed() {
    new OwnEngine(() -> true, settings -> engine).close();
    assertThat(engine.isClosed()).isFalse();
  }

  @Test
  void tellsWhyItDidNotStart() {
    OwnEngine broken =
        new OwnEngine(
            () -> true,
            settings -> {
              throw new IllegalStateException("no port is free");
            });

    assertThatThrownBy(() -> broken.start(SETTINGS).join().get())
        .isInstanceOf(UserException.class)
        .hasMessage("Spark did not start: no port is free");
    broken.close();
  }

  @Test
  void whatAUserCanMendIsToldAsItIs() {
    OwnEngine refused =
        new OwnEngine(
            () -> true,
            settings -> {
              throw new UserException("Set tasks to 1");
            });

    assertThatThrownBy(() -> refused.start(SETTINGS).join().get()).hasMessage("Set tasks to 1");
  }
}
