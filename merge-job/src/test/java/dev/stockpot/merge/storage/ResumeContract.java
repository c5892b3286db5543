package dev.stockpot.merge.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/** What holds for every store of a folder that one merge left unfinished and another takes up. */
public abstract class ResumeContract {
  protected static final String FIRST = "a.safetensors";
  protected static final String SECOND = "b.safetensors";

  private final BufferAllocator memory = new RootAllocator();

  protected abstract ObjectStore store();

  /** A place of its own for each test, where nothing is yet. */
  protected abstract Location root();

  protected final Location out() {
    return root().child("out");
  }

  protected static ByteBuffer bytes(String text) {
    return UTF_8.encode(text);
  }

  /** Uploads an object of one part. */
  protected final PartReceipt make(PendingFolder.Upload upload, String content) throws IOException {
    ByteBuffer bytes = bytes(content);
    try (PartSink sink =
        store().open(upload.ticket(1, new ByteRange(0, bytes.remaining())), memory)) {
      sink.write(bytes);
      PartReceipt receipt = sink.finish();
      upload.complete(List.of(receipt));
      return receipt;
    }
  }

  /** A merge that finishes its first object, starts its second, and writes down the first. */
  protected final PendingFolder half(PendingFolder folder) throws IOException {
    PendingFolder.Upload first = folder.startUpload(FIRST, 5);
    PendingFolder.Upload second = folder.startUpload(SECOND, 6);
    String receipt = make(first, "first").handle();
    try (PartSink lost = store().open(second.ticket(1, new ByteRange(0, 6)), memory)) {
      lost.write(bytes("hal"));
    }
    folder.note("entry", bytes(first.id() + " " + second.id() + " " + receipt));
    return folder;
  }

  /** Goes on where {@link #half} stopped. */
  protected final void goOn(PendingFolder folder) throws IOException {
    String[] entry = text(folder.journal().get("entry")).split(" ", -1);
    PendingFolder.Upload first = folder.continueUpload(FIRST, 5, entry[0]).orElseThrow();
    PartTicket ticket = first.ticket(1, new ByteRange(0, 5));
    first.complete(List.of(new PartReceipt(ticket, entry[2])));
    Optional<PendingFolder.Upload> second = folder.continueUpload(SECOND, 6, entry[1]);
    if (second.isPresent()) { // else the store has removed it already
      second.get().abort();
    }
    make(folder.startUpload(SECOND, 6), "second");
    folder.put("manifest.json", bytes("whole"));
  }

  protected static String text(ByteBuffer bytes) {
    return UTF_8.decode(bytes.duplicate()).toString();
  }

  protected final void assertPublished() throws IOException {
    assertThat(store().list(out()))
        .extracting(object -> object.location().name())
        .containsExactly(FIRST, SECOND, "manifest.json");
    for (Map.Entry<String, String> file : Map.of(FIRST, "first", SECOND, "second").entrySet()) {
      StoredObject object = store().find(out().child(file.getKey())).orElseThrow();
      ByteBuffer content = ByteBuffer.allocate((int) object.size());
      try (RangeReader reader = store().open(object)) {
        reader.read(0, content);
      }
      assertThat(text(content.flip())).isEqualTo(file.getValue());
    }
    try (PendingFolder next =
        store().resume(out(), Replaceable.UNTOUCHED)) { // nothing is left beside it
      assertThat(next.predecessor()).isEmpty();
      assertThat(next.journal()).isEmpty();
    }
  }

  private void assertNothingIsThere() throws IOException {
    assertThatThrownBy(() -> store().list(out())).isInstanceOf(NoSuchFileException.class);
    store().create(out(), Replaceable.NOTHING).close();
  }

  @Test
  void namesWhatWasBegunAndNotFinished() throws IOException {
    Location candidates = root().child("candidates");
    half(store().create(candidates.child("begun"), Replaceable.NOTHING)).keep();
    try (PendingFolder done = store().create(candidates.child("done"), Replaceable.NOTHING)) {
      done.put("config.json", bytes("{}"));
      done.publish();
    }
    try (PendingFolder claimed = store().create(candidates.child("a b"), Replaceable.NOTHING)) {
      assertThat(claimed.journal()).isEmpty();
      assertThat(store().unfinished(candidates))
          .containsExactly(candidates.child("a b"), candidates.child("begun"));
    }
    try (PendingFolder begun = store().resume(candidates.child("begun"), Replaceable.UNTOUCHED)) {
      goOn(begun);
    }
    assertThat(store().unfinished(candidates)).isEmpty();
  }

  @Test
  void whereNothingIsThereResumingIsCreating() throws IOException {
    try (PendingFolder folder = store().resume(out(), Replaceable.NOTHING)) {
      assertThat(folder.predecessor()).isEmpty();
      assertThat(folder.successor()).isEmpty();
      assertThat(folder.journal()).isEmpty();
      make(folder.startUpload(FIRST, 5), "first");
      make(folder.startUpload(SECOND, 6), "second");
      folder.put("manifest.json", bytes("whole"));
      folder.publish();
    }
    assertPublished();
  }

  @Test
  void whatIsKeptIsGoneOnWith() throws IOException {
    PendingFolder kept = half(store().create(out(), Replaceable.NOTHING));
    kept.put("manifest.json", bytes("of the first"));
    assertThat(kept.keep()).isTrue();
    kept.close();
    assertThatThrownBy(() -> store().list(out())).isInstanceOf(NoSuchFileException.class);

    try (PendingFolder folder = store().resume(out(), Replaceable.NOTHING)) {
      goOn(folder);
      folder.publish();
    }
    assertPublished();
  }

  @Test
  void whatIsKeptStaysWhenNobodyGoesOn() throws IOException {
    half(store().create(out(), Replaceable.NOTHING)).keep();
    assertThat(store().resume(out(), Replaceable.NOTHING).keep()).isTrue();

    try (PendingFolder folder = store().resume(out(), Replaceable.NOTHING)) {
      goOn(folder);
      folder.publish();
    }
    assertPublished();
  }

  @Test
  void whatIsKeptIsNotBegunAnewBySurprise() throws IOException {
    half(store().create(out(), Replaceable.NOTHING)).keep();

    assertThatThrownBy(() -> store().create(out(), Replaceable.of(List.of())))
        .isInstanceOf(OutputOccupiedException.class);
    store().resume(out(), Replaceable.NOTHING).close();
    assertNothingIsThere();
  }

  @Test
  void anEntryIsReplacedByTheNextOfItsName() throws IOException {
    PendingFolder folder = half(store().create(out(), Replaceable.NOTHING));
    folder.note("other", bytes("1"));
    folder.note("other", bytes("22"));
    folder.keep();

    try (PendingFolder resumed = store().resume(out(), Replaceable.NOTHING)) {
      assertThat(resumed.journal()).containsOnlyKeys("entry", "other");
      assertThat(text(resumed.journal().get("other"))).isEqualTo("22");
    }
    assertNothingIsThere();
  }

  @Test
  void aFolderThatWasFilledMeanwhileIsOccupied() throws IOException {
    half(store().create(out(), Replaceable.NOTHING)).keep();
    try (PendingFolder other = store().resume(out(), Replaceable.NOTHING)) {
      goOn(other);
      other.publish();
    }

    assertThatThrownBy(() -> store().resume(out(), Replaceable.NOTHING))
        .isInstanceOf(OutputOccupiedException.class);
    assertPublished();
  }
}
