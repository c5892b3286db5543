package dev.stockpot.merge.hub;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.ObjectSourceContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What holds for every source holds for a hub, whose models are looked up anew for each question.
 */
class HubContractTest extends ObjectSourceContract {
  private static final String MODEL = "org/model";

  /** Every version of the model has it here, so that places stay what they are. */
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path folder;
  private FakeHub fake;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeHub().file(MODEL, "config.json", "{}").fix(MODEL, COMMIT);
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  @Override
  protected ObjectSource source() {
    try {
      HubAccess access = new HubAccess(fake.endpoint(), folder, Optional.empty(), Optional.empty());
      Hub hub = Hub.of(access, true);
      hub.find(MODEL);
      return hub.source();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Location root() {
    return new Location("hf://%s@%s".formatted(MODEL, COMMIT));
  }

  @Override
  protected void write(Location object, byte[] bytes) {
    fake.file(MODEL, HubPlace.of(object).orElseThrow().path(), bytes).fix(MODEL, COMMIT);
  }
}
