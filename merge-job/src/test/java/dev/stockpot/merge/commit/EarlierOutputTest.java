package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is ours in a folder: what its manifest says, as long as it is as it was written. */
class EarlierOutputTest {
  private static final Location OUT = SmallMerge.OUTPUT;
  private static final int SHARD_OF_TWO_TENSORS = 16;
  private static final String MANIFEST = "stockpot-manifest.json";

  private static Set<String> ours(MemoryStore store) throws IOException {
    return EarlierOutput.in(store, OUT).entries();
  }

  private static MemoryStore merged() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    merge.run();
    return merge.store();
  }

  @Test
  void everyFileOfAMergeIsListed() throws IOException {
    MemoryStore store = merged();

    assertThat(ours(store)).isEqualTo(store.tree(OUT, 100)).contains("tokenizer.json", MANIFEST);
  }

  @Test
  void whatIsNotListedIsNotOurs() throws IOException {
    MemoryStore store = merged();
    store.write(OUT.child("notes.txt"), new byte[1]);
    store.write(OUT.child("mine").child("config.json"), new byte[1]);

    assertThat(ours(store)).doesNotContain("notes.txt", "mine/config.json");
  }

  @Test
  void aFileThatWasReplacedSinceIsNoLongerOurs() throws IOException {
    MemoryStore store = merged();
    store.write(OUT.child("config.json"), "{\"edited\": \"by hand\"}".getBytes(UTF_8));
    store.write(OUT.child("model-00001-of-00002.safetensors"), new byte[1000]);

    assertThat(ours(store))
        .doesNotContain("config.json", "model-00001-of-00002.safetensors")
        .contains("model-00002-of-00002.safetensors");
  }

  @Test
  void withoutAManifestNothingIsOurs() throws IOException {
    MemoryStore store = merged();
    store.delete(OUT.child(MANIFEST));

    assertThat(ours(store)).isEmpty();
  }

  @Test
  void aManifestOfSomethingElseTellsNothing() throws IOException {
    MemoryStore store = merged();
    store.write(OUT.child(MANIFEST), "{\"files\": [{\"file\": \"config.json\"}]}".getBytes(UTF_8));
    assertThat(ours(store)).isEmpty();

    store.write(OUT.child(MANIFEST), "no JSON".getBytes(UTF_8));
    assertThat(ours(store)).isEmpty();
  }

  @Test
  void namesThatLeadElsewhereAreNotFollowed() throws IOException {
    MemoryStore store = merged();
    store.write(
        OUT.child(MANIFEST),
        "{\"format\": 1, \"files\": [{\"file\": \"../models/a/config.json\", \"size\": 14}]}"
            .getBytes(UTF_8));

    assertThat(ours(store)).containsExactly(MANIFEST);
  }

  @Test
  void whatAManifestOfBeforeDoesNotListIsKnownByItsNames() throws IOException {
    MemoryStore store = merged();
    ObjectNode manifest =
        (ObjectNode) new ObjectMapper().readTree(store.bytes(OUT.child(MANIFEST)));
    manifest.remove("files");
    store.write(OUT.child(MANIFEST), manifest.toString().getBytes(UTF_8));
    store.write(OUT.child("report").child("report.html"), new byte[1]);
    store.write(OUT.child("report").child("mine.html"), new byte[1]);
    store.write(OUT.child("notes.txt"), new byte[1]);

    Set<String> all = store.tree(OUT, 100);
    all.remove("notes.txt");
    all.remove("report/mine.html");
    assertThat(ours(store)).isEqualTo(all);
  }

  @Test
  void theFilesOfADifferenceReportAreListed() throws IOException {
    MemoryStore store = new MemoryStore();
    Map<String, ByteBuffer> files =
        OutputFiles.ofDifference(
            "a", "b", Map.of(), Map.of("report/report.html", ByteBuffer.wrap(new byte[3])));
    for (Map.Entry<String, ByteBuffer> file : files.entrySet()) {
      store.write(OUT.descendant(file.getKey()), bytes(file.getValue()));
    }

    assertThat(ours(store)).containsExactlyInAnyOrder("report/report.html", MANIFEST);
  }

  private static byte[] bytes(ByteBuffer content) {
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    return bytes;
  }
}
