package dev.stockpot.merge.storage.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoreRequests;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests of merges that run in one JVM at the same time are told apart. */
class RequestsOfMergesTest {
  private static final int BYTES = 100;

  private static S3Server server;
  private static HadoopStore store;
  private static Location object;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server();
    store = new HadoopStore(server.entries());
    object = server.root().child("merges").child("a");
    server.write(object, new byte[BYTES]);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static void read(ObjectStore from, int times) throws IOException {
    StoredObject listed = from.find(object).orElseThrow();
    for (int i = 0; i < times; i++) {
      try (RangeReader reader = from.open(listed)) {
        reader.read(0, ByteBuffer.allocate(BYTES));
      }
    }
  }

  @Test
  void eachMergeHasItsOwnWhenTwoReadAtTheSameTime() throws Exception {
    List<Integer> reads = List.of(3, 11);
    List<ObjectStore> merges = List.of(store.forMerge("first"), store.forMerge("second"));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Callable<Void>> both = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int merge = i;
        both.add(
            () -> {
              read(merges.get(merge), reads.get(merge));
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(both)) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }

    for (int i = 0; i < 2; i++) {
      assertThat(merges.get(i).takeRequests().gets()).isEqualTo(reads.get(i).longValue());
      assertThat(merges.get(i).takeRequests()).isEqualTo(StoreRequests.NONE);
    }
  }

  @Test
  void aCopyThatWasSentCountsForTheSameMerge() throws IOException {
    read(store.forMerge("sent"), 2);

    assertThat(new HadoopStore(server.entries()).forMerge("sent").takeRequests().gets())
        .isEqualTo(2);
  }

  @Test
  void theProcessCountsAllAlsoThoseOfMergesThatAreLongOver() throws IOException {
    long before = store.requests().gets();
    for (int merge = 0; merge < 8; merge++) {
      read(store.forMerge("over " + merge), 1);
    }

    assertThat(store.requests().gets() - before).isEqualTo(8);
  }

  @Test
  void aMergeThatIsAtWorkKeepsItsConnectionsHoweverManyComeAfterIt() throws IOException {
    ObjectStore working = store.forMerge("at work");
    ObjectSource.Use use = working.use();
    try (RangeReader reader = working.open(working.find(object).orElseThrow())) {
      for (int merge = 0; merge < 8; merge++) {
        read(store.forMerge("beside " + merge), 1);
      }
      reader.read(0, ByteBuffer.allocate(BYTES));
    } finally {
      use.close();
    }
    assertThat(working.takeRequests().gets()).isEqualTo(1);
  }
}
