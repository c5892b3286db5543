package dev.stockpot.merge.storage.hadoop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.CommitStateUnknownException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PartMemory;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.hadoop.S3Wire.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes visible on S3, and what is left when something breaks. */
class S3CommitTest {
  private static final AtomicInteger TESTS = new AtomicInteger();

  private static S3Server server;
  private static ObjectStore store;

  private Location place;
  private Location out;

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

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private static void upload(PendingFolder folder, String name, String content) throws IOException {
    byte[] bytes = text(content);
    PendingFolder.Upload upload = folder.startUpload(name, bytes.length);
    try (PartSink sink =
        store.open(upload.ticket(1, new ByteRange(0, bytes.length)), PartMemory.ANY)) {
      sink.write(ByteBuffer.wrap(bytes));
      upload.complete(List.of(sink.finish()));
    }
  }

  /** All that is there may go. */
  private Replaceable all() throws IOException {
    return Replaceable.of(store.tree(out, Integer.MAX_VALUE));
  }

  private void publish(boolean overwrite, String... shards) throws IOException {
    try (PendingFolder folder = store.create(out, overwrite ? all() : Replaceable.NOTHING)) {
      for (String shard : shards) {
        upload(folder, shard, "new " + shard);
      }
      folder.put("index.json", ByteBuffer.wrap(text("new index")));
      folder.put("manifest.json", ByteBuffer.wrap(text("new manifest")));
      folder.publish();
    }
  }

  private List<String> there() {
    return server.objectsBelow(place).stream()
        .map(path -> path.substring(place.path().length() + 1))
        .toList();
  }

  private String textOf(String name) throws IOException {
    return new String(server.read(out.child(name)), UTF_8);
  }

  /** Requests by what they change, without identities of uploads. */
  private List<String> changes() {
    return server.requests().stream()
        .filter(request -> !request.startsWith("GET") && !request.startsWith("HEAD"))
        .map(request -> request.replaceFirst("uploadId=[^&]*", "uploadId"))
        .map(request -> request.replace("/models/" + place.name() + "/", ""))
        .toList();
  }

  private static Predicate<String> completing(String name) {
    return request ->
        request.startsWith("POST") && request.contains(name) && request.contains("uploadId=");
  }

  @Test
  void nothingIsLeftOfAFolderThatIsDiscarded() throws IOException {
    try (PendingFolder folder = store.create(out, Replaceable.NOTHING)) {
      upload(folder, "a.safetensors", "a");
      folder.put("index.json", ByteBuffer.wrap(text("index"))); // is uploaded with the others
      folder.startUpload("b.safetensors", 100);

      assertThat(server.uploadsBelow(out)).hasSize(2);
      assertThat(there()).containsExactly(".out.stockpot-lock");
    }

    assertThat(server.uploadsBelow(place)).isEmpty();
    assertThat(there()).isEmpty();
  }

  @Test
  void nothingIsLeftOfAFolderWhoseSmallObjectsCannotBeUploaded() throws IOException {
    server.breaks(
        request -> request.startsWith("PUT") && request.contains("manifest.json"),
        Fault.SLOW_DOWN,
        Integer.MAX_VALUE);
    try (PendingFolder folder = store.create(out, Replaceable.NOTHING)) {
      upload(folder, "a.safetensors", "a");
      folder.put("index.json", ByteBuffer.wrap(text("index")));
      folder.put("manifest.json", ByteBuffer.wrap(text("manifest")));

      assertThatThrownBy(folder::publish).isInstanceOf(IOException.class);
      assertThat(there()).containsExactly(".out.stockpot-lock");
    }

    assertThat(server.uploadsBelow(place)).isEmpty();
    assertThat(there()).isEmpty();
  }

  @Test
  void abortsOnlyItsOwnUploads() throws IOException {
    HadoopFolder other =
        HadoopFolder.of(
            Connections.of(new Connections.Owner(server.entries(), "")),
            out.child("other.safetensors"));
    String upload = new Uploads(other).start();

    store.create(out, Replaceable.NOTHING).close();

    assertThat(server.uploadsBelow(place)).containsExactly(out.child("other.safetensors").path());
    new Uploads(other).abort(upload);
  }

  @Test
  void largeObjectsAreShownFirstAndTheLastSmallOneLast() throws IOException {
    try (PendingFolder folder = store.create(out, Replaceable.NOTHING)) {
      folder.put("index.json", ByteBuffer.wrap(text("index")));
      upload(folder, "a.safetensors", "a");
      folder.put("manifest.json", ByteBuffer.wrap(text("manifest")));
      server.forget();
      folder.publish();
    }

    assertThat(changes().subList(0, 4))
        .containsExactlyInAnyOrder(
            "POST out/index.json?uploads",
            "POST out/manifest.json?uploads",
            "PUT out/index.json?partNumber=1&uploadId",
            "PUT out/manifest.json?partNumber=1&uploadId");
    assertThat(changes().subList(4, changes().size()))
        .containsExactly(
            "PUT .out.stockpot-lock",
            "POST out/a.safetensors?uploadId",
            "POST out/index.json?uploadId",
            "POST out/manifest.json?uploadId",
            "DELETE .out.stockpot-lock");
    assertThat(server.requests().stream().filter(request -> request.startsWith("HEAD")))
        .as("one for each object that was made visible, as nothing was there before")
        .filteredOn(request -> request.contains("/out/"))
        .hasSize(3);
    assertThat(server.uploadsBelow(place)).isEmpty();
  }

  @Test
  void aReplacementWithOtherNamesIsWholeBeforeTheOldOneGoes() throws IOException {
    server.write(out.child("old.safetensors"), text("old shard, larger than its index"));
    server.write(out.child("index.json"), text("old index"));
    server.write(out.child("old.json"), text("old"));
    publish(true, "new.safetensors");

    assertThat(changes())
        .endsWith(
            "POST out/new.safetensors?uploadId",
            "POST out/index.json?uploadId",
            "POST out/manifest.json?uploadId",
            "DELETE out/old.json",
            "DELETE out/old.safetensors",
            "DELETE .out.stockpot-lock");
    assertThat(there())
        .containsExactly("out/index.json", "out/manifest.json", "out/new.safetensors");
    assertThat(textOf("index.json")).isEqualTo("new index");
  }

  @Test
  void noIndexDescribesOldAndNewShardsOfOneName() throws IOException {
    server.write(out.child("a.safetensors"), text("old shard"));
    server.write(out.child("index.json"), text("old"));
    publish(true, "a.safetensors");

    assertThat(changes())
        .endsWith(
            "DELETE out/index.json",
            "POST out/a.safetensors?uploadId",
            "POST out/index.json?uploadId",
            "POST out/manifest.json?uploadId",
            "DELETE .out.stockpot-lock");
    assertThat(textOf("a.safetensors")).isEqualTo("new a.safetensors");
  }

  @Test
  void whatLiesInFoldersBelowIsReplacedTooIfItIsOurs() throws IOException {
    server.write(out.child("below").child("a"), text("a"));
    publish(true, "a.safetensors");

    assertThat(there()).doesNotContain("out/below/a");
  }

  @Test
  void aFolderWithOnlyFoldersInItIsOccupied() {
    server.write(out.child("below").child("a"), text("a"));

    assertThatThrownBy(() -> store.create(out, Replaceable.NOTHING))
        .isInstanceOf(OutputOccupiedException.class);
    assertThat(there()).containsExactly("out/below/a");
  }

  @Test
  void aLockThatWasLeftBehindIsNamedWithItsHolderAndOverwriteDoesNotBreakIt() throws IOException {
    server.write(place.child(".out.stockpot-lock"), text("process 1@gone, since yesterday"));

    assertThatThrownBy(() -> store.create(out, all()))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessage(
            "Another merge (process 1@gone, since yesterday) is writing %s. Wait until it is done, or name another folder. If it is dead, go on with --resume, or give it up: stockpot discard %s",
            out, out);

    server.delete(place.child(".out.stockpot-lock"));
    store.create(out, all()).close();
  }

  @Test
  void theLockIsTakenOnTheConditionThatThereIsNone() throws IOException {
    store.create(out, Replaceable.NOTHING).close();

    assertThat(server.requests().get(0)).isEqualTo("PUT /models/" + lock());
  }

  private String lock() {
    return place.name() + "/.out.stockpot-lock";
  }

  @Test
  void aLockWhoseAnswerIsLostIsOurs() throws IOException {
    server.breaks(request -> request.equals("PUT /models/" + lock()), Fault.LOSE_ANSWER, 1);
    publish(false, "a.safetensors");

    assertThat(there()).containsExactly("out/a.safetensors", "out/index.json", "out/manifest.json");
  }

  @Test
  void aBucketIsNoOutputFolder() {
    assertThatThrownBy(() -> store.create(server.root(), Replaceable.UNTOUCHED))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessage(
            "s3a://models cannot be replaced. Name a folder in it, such as s3a://models/merged");
  }

  @Test
  void aCompletionWhoseAnswerIsLostIsDone() throws IOException {
    server.breaks(completing("a.safetensors"), Fault.LOSE_ANSWER, 1);
    publish(false, "a.safetensors");

    assertThat(textOf("a.safetensors")).isEqualTo("new a.safetensors");
    assertThat(server.uploadsBelow(place)).isEmpty();
  }

  @Test
  void aCompletionOfWhichNoAnswerEverComesIsDoneWhenTheObjectIsThere() throws IOException {
    server.breaks(completing("a.safetensors"), Fault.LOSE_ANSWER, Integer.MAX_VALUE);
    publish(false, "a.safetensors");

    assertThat(textOf("manifest.json")).isEqualTo("new manifest");
  }

  @Test
  void aCompletionThatNeverArrivesLeavesTheRestUntouchedAndSaysWhatToCheck() throws IOException {
    server.breaks(completing("b.safetensors"), Fault.RESET, Integer.MAX_VALUE);

    assertThatThrownBy(() -> publish(false, "a.safetensors", "b.safetensors"))
        .isInstanceOf(CommitStateUnknownException.class)
        .hasMessageContaining("did not say whether it made " + out.child("b.safetensors"))
        .hasMessageContaining("Merge again with --resume")
        .hasMessageContaining("look whether " + out + " is complete");
    assertThat(there()).containsExactly(".out.stockpot-lock", "out/a.safetensors");
    assertThat(server.uploadsBelow(place)).hasSize(3);
  }

  @Test
  void aCompletionThatIsRefusedHidesWhatWasShown() throws IOException {
    assertThatThrownBy(
            () -> {
              try (PendingFolder folder = store.create(out, Replaceable.NOTHING)) {
                upload(folder, "a.safetensors", "a");
                upload(folder, "b.safetensors", "b");
                abortUploadOf("b.safetensors");
                folder.publish();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("b.safetensors");

    assertThat(there()).isEmpty();
    assertThat(server.uploadsBelow(place)).isEmpty();
  }

  private void abortUploadOf(String name) {
    server.abortUploadsOf(out.child(name));
  }

  @Test
  void aReplacementThatIsRefusedSaysThatTheOldOneIsLost() throws IOException {
    server.write(out.child("a.safetensors"), text("old"));
    server.write(out.child("index.json"), text("old"));

    assertThatThrownBy(
            () -> {
              try (PendingFolder folder = store.create(out, all())) {
                upload(folder, "a.safetensors", "a");
                upload(folder, "b.safetensors", "b");
                abortUploadOf("b.safetensors");
                folder.publish();
              }
            })
        .hasMessageContaining(out + " could not be replaced")
        .hasMessageContaining("merge again with --overwrite");
    assertThat(there()).isEmpty();
  }

  @Test
  void aPartSurvivesConnectionsThatBreakAndServersThatAreBusy() throws IOException {
    Predicate<String> part = request -> request.startsWith("PUT") && request.contains("partNumber");
    server.breaks(part, Fault.LOSE_ANSWER, 1);
    server.breaks(part, Fault.SLOW_DOWN, 1);
    publish(false, "a.safetensors");

    assertThat(textOf("a.safetensors")).isEqualTo("new a.safetensors");
  }

  @Test
  void partsThatS3RefusesAreRefusedBeforeTheyAreMade() throws IOException {
    try (PendingFolder folder = store.create(out, Replaceable.NOTHING)) {
      PendingFolder.Upload upload = folder.startUpload("a.safetensors", 20L << 30);

      assertThatThrownBy(() -> upload.ticket(1, new ByteRange(0, 5_000_000)))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("part-size is 5000000 bytes")
          .hasMessageContaining("no less than 5 MiB");
      assertThatThrownBy(() -> upload.ticket(10_001, new ByteRange(0, 6_000_000)))
          .hasMessageContaining("10,000 parts");
    }
  }

  @Test
  void aPartTravelsWithItsTicketAlone() throws IOException {
    try (PendingFolder folder = store.create(out, Replaceable.NOTHING)) {
      PartTicket ticket = folder.startUpload("a", 1).ticket(1, new ByteRange(0, 1));

      assertThat(ticket.target()).isEqualTo(out.child("a"));
      assertThat(ticket.toString()).doesNotContain("secret");
    }
  }
}
