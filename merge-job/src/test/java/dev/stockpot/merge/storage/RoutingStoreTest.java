package dev.stockpot.merge.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingStoreTest {
  private final MemoryStore local = new MemoryStore();
  private final MemoryStore remote = new MemoryStore();
  private final RoutingStore store = new RoutingStore(local, remote);

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
}
