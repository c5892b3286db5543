package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.part.CopyResult;
import dev.stockpot.merge.part.CopyTask;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PartMemory;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A folder of predictions appears in one step, with a manifest of all that lies in it. */
class PredictionFolderTest {
  private static final Location OUTPUT = new Location("/p/out");
  private static final JsonObject ABOUT = JsonObject.EMPTY.with("rule", "mean");

  private final MemoryStore store = new MemoryStore();
  private final Map<String, StoredObject> files = new LinkedHashMap<>();

  private void written(String name, String content) {
    Location place = new Location("/p/work").descendant(name);
    store.write(place, content.getBytes(UTF_8));
    files.put(name, store.find(place).orElseThrow());
  }

  private PredictionFolder claim() throws IOException {
    return PredictionFolder.claim(store, OUTPUT, Replaceable.NOTHING);
  }

  /** Copies a file as a task does. */
  private void copy(PredictionFolder folder, int place, CopyTask task) throws IOException {
    byte[] all = store.bytes(task.source().location());
    List<PartReceipt> receipts = new ArrayList<>();
    for (PartTicket ticket : task.tickets()) {
      try (PartSink sink = store.open(ticket, PartMemory.ANY)) {
        int begin = (int) ticket.range().begin();
        sink.write(ByteBuffer.wrap(all, begin, (int) ticket.range().length()));
        receipts.add(sink.finish());
      }
    }
    folder.accept(place, new CopyResult(receipts, Sha256.of(ByteBuffer.wrap(all))));
  }

  private void publish(int... order) throws IOException {
    try (PredictionFolder folder = claim()) {
      List<CopyTask> tasks = folder.begin(files, 4);
      for (int place : order) {
        copy(folder, place, tasks.get(place));
      }
      folder.publish(ABOUT, Map.of("stockpot", "1"), Map.of("index.html", UTF_8.encode("<p>")));
    }
  }

  private String manifest() throws IOException {
    return new String(store.bytes(OUTPUT.child("stockpot-manifest.json")), UTF_8);
  }

  @Test
  void filesAreCopiedInPartsAndListedWithWhatTheyHold() throws IOException, JsonException {
    written("predictions/part-0.parquet", "0123456789");
    written("fitted.parquet", "abc");
    publish(0, 1);
    assertThat(store.bytes(OUTPUT.descendant("predictions/part-0.parquet")))
        .asString(UTF_8)
        .isEqualTo("0123456789");
    JsonObject manifest = Json.parse(manifest().getBytes(UTF_8)).object().orElseThrow();
    assertThat(manifest.fields()).containsOnlyKeys("format", "versions", "predictions", "files");
    assertThat(manifest.object("predictions")).contains(ABOUT);
    assertThat(ListedFile.in(manifest))
        .isEqualTo(
            Map.of(
                "predictions/part-0.parquet", ListedFile.of(UTF_8.encode("0123456789")),
                "fitted.parquet", ListedFile.of(UTF_8.encode("abc")),
                "index.html", ListedFile.of(UTF_8.encode("<p>"))));
    assertThat(store.openUploads()).isZero();
  }

  @Test
  void everyFileHasATaskWhosePartsAreNoLargerThanAsked() throws IOException {
    written("a", "0123456789");
    written("empty", "");
    try (PredictionFolder folder = claim()) {
      List<CopyTask> tasks = folder.begin(files, 4);
      assertThat(tasks).extracting(CopyTask::source).containsExactlyElementsOf(files.values());
      assertThat(tasks.get(0).tickets())
          .extracting(ticket -> ticket.range().length())
          .containsExactly(4L, 4L, 2L);
      assertThat(tasks.get(1).tickets()).isEmpty();
    }
  }

  /** Tasks end in any order. */
  @Test
  void theManifestIsTheSameWhicheverFileIsThereFirst() throws IOException {
    for (String name : List.of("b", "a", "c")) {
      written(name, "content of " + name);
    }
    publish(0, 1, 2);
    String first = manifest();
    for (String name : List.of("a", "b", "c", "index.html", "stockpot-manifest.json")) {
      store.delete(OUTPUT.child(name));
    }
    publish(2, 0, 1);
    assertThat(manifest()).isEqualTo(first);
  }

  @Test
  void whatIsNotWholeIsNotPublishedAndLeavesNothing() throws IOException {
    written("a", "aaaaa");
    written("b", "bbbbb");
    try (PredictionFolder folder = claim()) {
      copy(folder, 1, folder.begin(files, 100).get(1));
      assertThatThrownBy(() -> folder.publish(ABOUT, Map.of(), Map.of()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("1 of 2 files");
    }
    assertThat(store.tree(OUTPUT, 9)).isEmpty();
    assertThat(store.openUploads()).isZero();
  }

  @Test
  void nothingIsSeenBeforeAllIs() throws IOException {
    written("a", "aaaaa");
    try (PredictionFolder folder = claim()) {
      copy(folder, 0, folder.begin(files, 100).get(0));
      assertThat(store.tree(OUTPUT, 9)).isEmpty();
    }
    assertThat(store.tree(OUTPUT, 9)).as("it was closed").isEmpty();
    claim().close();
  }

  @Test
  void aFolderThatHoldsAnythingIsNotTaken() {
    store.write(OUTPUT.child("mine"), new byte[1]);
    assertThatThrownBy(this::claim).isInstanceOf(OutputOccupiedException.class);
    assertThat(store.tree(OUTPUT, 9)).containsExactly("mine");
  }

  @Test
  void onlyWhatAnEarlierOneListedIsReplaced() throws IOException {
    written("old.parquet", "old");
    publish(0);
    Replaceable ours = EarlierOutput.in(store, OUTPUT);
    assertThat(ours.entries())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList("old.parquet", "index.html", "stockpot-manifest.json"));
    try (PredictionFolder folder = PredictionFolder.claim(store, OUTPUT, ours)) {
      folder.publish(ABOUT, Map.of(), Map.of("new.json", UTF_8.encode("{}")));
    }
    assertThat(store.tree(OUTPUT, 9))
        .containsExactlyInAnyOrder("new.json", "stockpot-manifest.json");
  }
}
