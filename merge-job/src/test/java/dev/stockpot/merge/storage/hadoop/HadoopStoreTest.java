package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.ObjectStoreContract;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What holds for every store holds for S3. */
class HadoopStoreTest extends ObjectStoreContract {
  private static final int S3_LEAST_PART = 5 << 20;
  private static final AtomicInteger TESTS = new AtomicInteger();

  private static S3Server server;
  private static ObjectStore store;

  private Location root;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server();
    store = new HadoopStore(server.entries());
  }

  @AfterAll
  static void stop() throws java.io.IOException {
    server.close();
  }

  @BeforeEach
  void useAPlaceOfItsOwn() {
    server.forget();
    root = server.root().child("test-" + TESTS.incrementAndGet());
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected Location root() {
    return root;
  }

  @Override
  protected void write(Location object, byte[] bytes) {
    server.write(object, bytes);
  }

  @Override
  protected int partSize() {
    return S3_LEAST_PART;
  }
}
