package dev.stockpot.merge.storage.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.hadoop.S3Wire.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What becomes visible on S3, and what is left when something breaks. */
class S3CommitTest extends S3CommitCases {
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
            "Another merge (process 1@gone, since yesterday) is writing %s. Wait until it is done,"
                + " or name another folder. If it is dead, go on with --resume, or give it up:"
                + " stockpot discard %s",
            out, out);

    server.delete(place.child(".out.stockpot-lock"));
    store.create(out, all()).close();
  }

  @Test
  void theLockIsTakenOnTheConditionThatThereIsNone() throws IOException {
    store.create(out, Replaceable.NOTHING).close();

    assertThat(server.requests().get(0)).isEqualTo("PUT /models/" + lock());
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
}
