package dev.stockpot.merge.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.output.Companion.Copied;
import dev.stockpot.merge.output.Companion.Made;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files that go along and that no driver can hold. */
class LargeCopiesTest {
  private static final Location MODEL = new Location("memory://a");
  private static final Location OUT = new Location("memory://out");
  private static final int MEBIBYTE = 1 << 20;

  private final MemoryStore store = new MemoryStore();

  private static Companion sized(String name, long mebibytes) {
    return new Copied(name, new StoredObject(MODEL.descendant(name), mebibytes * MEBIBYTE, "1"));
  }

  private Companion written(String name, byte[] content) throws IOException {
    store.write(MODEL.descendant(name), content);
    return new Copied(name, store.find(MODEL.descendant(name)).orElseThrow());
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  void tokenizersOfTodayAreHeld() {
    assertThat(LargeCopies.among(List.of(sized("tokenizer.json", 35), sized("vocab.json", 3))))
        .isEmpty();
  }

  @Test
  void whatIsLargerThanAllThatIsHeldIsCopiedByItself() {
    assertThat(
            LargeCopies.among(
                List.of(sized("a", 1), sized("2_Dense/model.safetensors", 65), sized("z", 63))))
        .containsExactly("2_Dense/model.safetensors");
  }

  @Test
  void manyThatAreSmallComeToNoMoreThanOneThatIsNot() {
    List<Companion> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add(sized("figures/%02d.png".formatted(i), 1));
    }

    assertThat(LargeCopies.among(many))
        .hasSize(36)
        .contains("figures/64.png")
        .doesNotContain("figures/63.png");
  }

  @Test
  void whatAMergeMakesIsInMemoryAnyway() {
    ByteBuffer nothing = ByteBuffer.allocate(0);

    assertThat(LargeCopies.among(List.of(sized("a", 64), new Made("tokenizer.json", nothing))))
        .isEmpty();
  }

  @Test
  void copiesInPiecesWithTheDigestOfTheWhole() throws IOException {
    byte[] content = random(64 * MEBIBYTE + 3); // the last piece is short
    List<Companion> companions =
        List.of(written("held", random(10)), written("2_Dense/w.safetensors", content));

    try (PendingFolder folder = store.create(OUT, Replaceable.NOTHING)) {
      Map<String, ListedFile> copies = new LargeCopies(store, folder).copy(companions);
      assertThat(copies)
          .containsExactly(
              Map.entry(
                  "2_Dense/w.safetensors",
                  new ListedFile(content.length, Sha256.of(ByteBuffer.wrap(content)))));
      assertThat(store.tree(OUT, 9)).isEmpty();
      folder.publish();
    }

    assertThat(store.tree(OUT, 9)).containsExactly("2_Dense/w.safetensors");
    assertThat(store.bytes(OUT.descendant("2_Dense/w.safetensors"))).isEqualTo(content);
    assertThat(store.count(MemoryStore.Request.OPEN_PART)).isEqualTo(9);
    assertThat(store.count(MemoryStore.Request.OPEN)).isEqualTo(1);
  }

  @Test
  void whatChangedSinceItWasListedIsNotCopiedAndLeavesNothing() throws IOException {
    Companion large = written("w.safetensors", random(65 * MEBIBYTE));
    store.write(MODEL.child("w.safetensors"), random(65 * MEBIBYTE - 1));

    try (PendingFolder folder = store.create(OUT, Replaceable.NOTHING)) {
      assertThatThrownBy(() -> new LargeCopies(store, folder).copy(List.of(large)))
          .isInstanceOf(ObjectChangedException.class);
    }

    assertThat(store.openUploads()).isZero();
    assertThat(store.tree(OUT, 9)).isEmpty();
  }
}
