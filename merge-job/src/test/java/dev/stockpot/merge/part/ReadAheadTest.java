package dev.stockpot.merge.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.HostMemory;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  private static final int ELEMENTS = 4096;
  private static final long BYTES = ELEMENTS;
  private static final int LOADS = 5;

  private final GatedSource store = new GatedSource();
  private final BufferAllocator memory = new RootAllocator(1 << 20);

  @AfterEach
  void everyLoadReturnedItsMemory() {
    store.open();
    memory.close();
  }

  /** A tensor of bytes. */
  private static Stored tensor(String shard) {
    StoredObject object = new StoredObject(new Location(shard), LOADS * BYTES, "v1");
    return new Stored(
        new TensorInfo(
            "t", DType.U8, Shape.of(LOADS * BYTES), object, new ByteRange(0, LOADS * BYTES)));
  }

  private static List<Load> loads(String... shards) {
    List<Load> loads = new ArrayList<>();
    for (int i = 0; i < LOADS; i++) {
      LoadBuilder load = new LoadBuilder(/* checkFinite= */ false, PartBench.NO_MEANS);
      ElementSpan span = new ElementSpan((long) i * ELEMENTS, ELEMENTS);
      Stream.of(shards).forEach(shard -> load.add(tensor(shard), span));
      loads.add(load.load(0));
    }
    return loads;
  }

  private static Block chunk(int load) {
    return new Block((long) load * ELEMENTS, 0, ELEMENTS);
  }

  private ReadAhead readAhead(long most, String... shards) {
    TensorReader reader = new TensorReader(store, false, new Stopwatch());
    return new ReadAhead(loads(shards), reader, HostMemory.PLAIN, memory, most, new Stopwatch());
  }

  @Test
  void theNextLoadIsReadWhileOneIsWorkedOnAndNoneBeyond() throws IOException {
    store.open();
    try (ReadAhead inputs = readAhead(1 << 20, "/a/m")) {
      Loaded first = inputs.next();
      store.awaitFinished(2);
      assertThat(store.begun()).containsExactly("/a/m 0", "/a/m 4096");
      first.close();
      store.awaitFinished(3);
      assertThat(store.begun()).hasSize(3).endsWith("/a/m 8192");
    }
    assertThat(memory.getPeakMemoryAllocation()).isEqualTo(2 * BYTES);
  }

  @Test
  void loadsComeInTheirOrderWithTheirBytes() throws IOException {
    store.open();
    try (ReadAhead inputs = readAhead(1 << 20, "/a/m")) {
      for (int i = 0; i < LOADS; i++) {
        try (Loaded load = inputs.next()) {
          assertThat(load.bytes(chunk(i)).get(0)).isEqualTo((byte) (i * ELEMENTS / 256));
        }
      }
    }
  }

  @Test
  void aLoadThatFillsTheMemoryIsReadAlone() throws IOException {
    store.open();
    try (ReadAhead inputs = readAhead(BYTES, "/a/m")) {
      try (Loaded first = inputs.next()) {
        assertThat(first.bytes(chunk(0)).remaining()).isEqualTo(ELEMENTS);
        assertThat(store.begun()).hasSize(1);
      }
      inputs.next().close();
      store.awaitFinished(2);
    }
    assertThat(memory.getPeakMemoryAllocation()).isEqualTo(BYTES);
  }

  @Test
  void objectsAreReadSideBySideWhereTheirStoreSaysSo() {
    try (ReadAhead inputs = readAhead(1 << 20, "s3a://x/m", "s3a://y/m")) {
      Thread task = new Thread(() -> assertThatThrownBy(inputs::next).isNotNull());
      task.start();
      store.awaitBegun(2); // neither has an answer
      assertThat(store.begun()).containsExactlyInAnyOrder("s3a://x/m 0", "s3a://y/m 0");
      task.interrupt();
      join(task); // before anything arrives, or it would have a load and leave it
      store.open();
    }
  }

  @Test
  void otherObjectsAreReadOneAfterAnother() throws IOException {
    store.open();
    try (ReadAhead inputs = readAhead(1 << 20, "/x/m", "/y/m")) {
      inputs.next().close();
      assertThat(store.mostAtOnce()).isEqualTo(1);
    }
  }

  @Test
  void aFailureIsToldToWhomItConcerns() throws IOException {
    store.open();
    store.failAt("/a/m 4096");
    try (ReadAhead inputs = readAhead(1 << 20, "/a/m")) {
      inputs.next().close();
      assertThatThrownBy(inputs::next)
          .isInstanceOf(IOException.class)
          .hasMessage("/a/m 4096 is gone");
    }
  }

  @Test
  void closedInTheMidstItWaitsForReadsThatFillItsMemory() {
    try (ReadAhead inputs = readAhead(1 << 20, "s3a://x/m")) {
      Thread task = new Thread(() -> assertThatThrownBy(inputs::next).isNotNull());
      task.start();
      store.awaitBegun(1);
      task.interrupt();
      join(task);
      Thread closing = new Thread(inputs::close);
      closing.start();
      assertThat(memory.getAllocatedMemory()).isEqualTo(2 * BYTES);
      store.open();
      join(closing);
      assertThat(memory.getAllocatedMemory()).isZero();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
