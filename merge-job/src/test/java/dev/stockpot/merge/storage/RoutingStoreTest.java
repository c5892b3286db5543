package dev.stockpot.merge.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingStoreTest {
  private final MemoryStore local = new MemoryStore();
  private final MemoryStore remote = new MemoryStore();
  private final MemoryStore hub = new MemoryStore();
  private final RoutingStore store =
      RoutingStore.to(remote).withStore(Location.FILE, local).withSource("hub", hub);

  @ParameterizedTest
  @ValueSource(strings = {"/models/a", "models/a", "file:/models/a", "FILE:///models/a", "C:/a"})
  void pathsAndFileUrisAreLocal(String path) throws IOException {
    local.write(new Location(path), new byte[] {1});

    assertThat(store.find(new Location(path))).isPresent();
    assertThat(remote.count(MemoryStore.Request.FIND)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a://models/a", "S3A://models/a", "hdfs:/models/a", "abfs+x://m/a"})
  void otherUrisAreRemote(String path) throws IOException {
    remote.write(new Location(path), new byte[] {1});

    assertThat(store.find(new Location(path))).isPresent();
    assertThat(local.count(MemoryStore.Request.FIND)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"/local/out,s3a://remote/out", "s3a://remote/out,/local/out"})
  void mergesGoFromOneToTheOther(String from, String to) throws IOException {
    MemoryStore source = from.startsWith("/") ? local : remote;
    MemoryStore target = from.startsWith("/") ? remote : local;
    source.write(new Location(from).child("a"), new byte[] {7});
    ByteBuffer byteRead = ByteBuffer.allocate(1);
    try (RangeReader reader = store.open(store.list(new Location(from)).get(0))) {
      reader.read(0, byteRead);
    }
    try (PendingFolder folder = store.create(new Location(to), Replaceable.NOTHING)) {
      PendingFolder.Upload upload = folder.startUpload("b", 1);
      try (PartSink sink = store.open(upload.ticket(1, new ByteRange(0, 1)), PartMemory.ANY)) {
        sink.write(byteRead.flip());
        upload.complete(List.of(sink.finish()));
      }
      folder.publish();
    }

    assertThat(target.bytes(new Location(to).child("b"))).containsExactly(7);
    assertThat(store.folders(new Location(to))).isEmpty();
  }

  @Test
  void aSchemeMayHaveNothingButASource() throws IOException {
    Location folder = new Location("hub://org/model");
    hub.write(folder.child("a"), new byte[] {1});

    assertThat(store.list(folder)).hasSize(1);
    assertThatThrownBy(() -> store.create(folder, Replaceable.NOTHING))
        .isInstanceOf(UserException.class);
    assertThatThrownBy(() -> store.resume(folder, Replaceable.NOTHING))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "hub://org/model: hub:// can be read, but nothing can be written there."
                + " Name an output elsewhere");
    assertThat(hub.openUploads()).isZero();
  }

  @Test
  void aLaterRowTakesTheSchemeOver() throws IOException {
    RoutingStore writable = store.withStore("hub", hub);
    Location folder = new Location("hub://org/model");

    writable.create(folder, Replaceable.NOTHING).close();
    assertThatThrownBy(() -> writable.withSource("hub", hub).create(folder, Replaceable.NOTHING))
        .isInstanceOf(UserException.class);
    assertThatThrownBy(() -> store.create(folder, Replaceable.NOTHING))
        .isInstanceOf(UserException.class);
  }

  @Test
  void everyStoreSaysForItselfHowItIsRead() {
    RoutingStore mixed = RoutingStore.to(new Counting(true)).withSource("file", local);

    assertThat(mixed.readsSideBySide(new Location("s3a://bucket/a"))).isTrue();
    assertThat(mixed.readsSideBySide(new Location("/models/a"))).isFalse();
  }

  @Test
  void aStoreOfSeveralSchemesCountsItsRequestsOnce() {
    Counting counting = new Counting(true);

    assertThat(RoutingStore.to(local).requests()).isEqualTo(StoreRequests.NONE);
    assertThat(RoutingStore.to(counting).withStore("hdfs", counting).requests())
        .isEqualTo(new StoreRequests(1, 2, 3, 4));
    assertThat(RoutingStore.to(counting).withSource("hub", new Counting(false)).requests())
        .isEqualTo(new StoreRequests(2, 4, 6, 8));
  }

  /** Has nothing, but has been asked. */
  private record Counting(boolean isRemote) implements ForwardingStore {
    private static final MemoryStore EMPTY = new MemoryStore();

    @Override
    public ObjectStore store() {
      return EMPTY;
    }

    @Override
    public boolean readsSideBySide(Location object) {
      return isRemote;
    }

    @Override
    public StoreRequests requests() {
      return new StoreRequests(1, 2, 3, 4);
    }
  }
}
