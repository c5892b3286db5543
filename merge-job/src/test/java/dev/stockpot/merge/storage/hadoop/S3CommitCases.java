package dev.stockpot.merge.storage.hadoop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartMemory;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Outputs on a server that fails as it is told. */
abstract class S3CommitCases {
  static final AtomicInteger TESTS = new AtomicInteger();

  static S3Server server;

  static ObjectStore store;

  Location place;

  Location out;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server();
    store = new HadoopStore(server.entries());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void useAPlaceOfItsOwn() {
    server.forget();
    place = server.root().child("test-" + TESTS.incrementAndGet());
    out = place.child("out");
  }

  static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  static void upload(PendingFolder folder, String name, String content) throws IOException {
    byte[] bytes = text(content);
    PendingFolder.Upload upload = folder.startUpload(name, bytes.length);
    try (PartSink sink =
        store.open(upload.ticket(1, new ByteRange(0, bytes.length)), PartMemory.ANY)) {
      sink.write(ByteBuffer.wrap(bytes));
      upload.complete(List.of(sink.finish()));
    }
  }

  /** All that is there may go. */
  Replaceable all() throws IOException {
    return Replaceable.of(store.tree(out, Integer.MAX_VALUE));
  }

  void publish(boolean overwrite, String... shards) throws IOException {
    try (PendingFolder folder = store.create(out, overwrite ? all() : Replaceable.NOTHING)) {
      for (String shard : shards) {
        upload(folder, shard, "new " + shard);
      }
      folder.put("index.json", ByteBuffer.wrap(text("new index")));
      folder.put("manifest.json", ByteBuffer.wrap(text("new manifest")));
      folder.publish();
    }
  }

  List<String> there() {
    return server.objectsBelow(place).stream()
        .map(path -> path.substring(place.path().length() + 1))
        .toList();
  }

  String textOf(String name) throws IOException {
    return new String(server.read(out.child(name)), UTF_8);
  }

  /** Requests by what they change, without identities of uploads. */
  List<String> changes() {
    return server.requests().stream()
        .filter(request -> !request.startsWith("GET") && !request.startsWith("HEAD"))
        .map(request -> request.replaceFirst("uploadId=[^&]*", "uploadId"))
        .map(request -> request.replace("/models/" + place.name() + "/", ""))
        .toList();
  }

  static Predicate<String> completing(String name) {
    return request ->
        request.startsWith("POST") && request.contains(name) && request.contains("uploadId=");
  }

  String lock() {
    return place.name() + "/.out.stockpot-lock";
  }

  void abortUploadOf(String name) {
    server.abortUploadsOf(out.child(name));
  }
}
