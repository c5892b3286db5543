package dev.stockpot.merge.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends ObjectStoreContract {
  private final MemoryStore store = new MemoryStore();

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected Location root() {
    return new Location("memory://test");
  }

  @Override
  protected void write(Location object, byte[] bytes) {
    store.write(object, bytes);
  }

  @Test
  void countsReadsAndTheirBytes() throws IOException {
    write(root().child("a"), new byte[100]);
    try (RangeReader reader = store.open(store.find(root().child("a")).orElseThrow())) {
      reader.read(0, ByteBuffer.allocate(10));
      reader.read(50, ByteBuffer.allocate(20));
    }

    assertThat(store.count(MemoryStore.Request.OPEN)).isEqualTo(1);
    assertThat(store.count(MemoryStore.Request.READ)).isEqualTo(2);
    assertThat(store.bytesRead()).isEqualTo(30);
  }
}
