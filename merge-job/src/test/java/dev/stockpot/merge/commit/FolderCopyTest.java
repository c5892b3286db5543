package dev.stockpot.merge.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.part.CopyResult;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PartMemory;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files that are copied become visible together, and what was whole is not copied again. */
class FolderCopyTest {
  private static final Location OUTPUT = new Location("/models/copy");

  private final MemoryStore store = new MemoryStore();
  private final Map<String, Long> sizes = new LinkedHashMap<>(Map.of("a.safetensors", 10L));

  private static MergeIdentity identity(String source) {
    return new MergeIdentity("fetch " + source, "", Map.of(), Map.of("/x", "v1"), Map.of());
  }

  private FolderCopy claim(boolean resume) throws IOException {
    return FolderCopy.claim(
        store, OUTPUT, Replaceable.NOTHING, resume, identity("/models/a"), sizes);
  }

  /** Copies a file as a task does: of bytes that count up. */
  private void copy(FolderCopy copy, int place, long partSize) throws IOException {
    List<PartReceipt> receipts = new ArrayList<>();
    for (PartTicket ticket : copy.tickets(place, partSize)) {
      try (PartSink sink = store.open(ticket, PartMemory.ANY)) {
        byte[] bytes = new byte[(int) ticket.range().length()];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) (ticket.range().begin() + i);
        }
        sink.write(ByteBuffer.wrap(bytes));
        receipts.add(sink.finish());
      }
    }
    copy.accept(place, new CopyResult(receipts, "digest of %s".formatted(place)));
  }

  private static Map<String, ByteBuffer> small() {
    Map<String, ByteBuffer> small = new LinkedHashMap<>();
    small.put("unet/config.json", ByteBuffer.wrap(new byte[] {1}));
    small.put("last.json", ByteBuffer.wrap(new byte[] {2}));
    return small;
  }

  @Test
  void allAppearsTogether() throws IOException {
    sizes.put("b.safetensors", 3L);
    try (FolderCopy copy = claim(false)) {
      copy(copy, 1, 100);
      copy(copy, 0, 4);
      assertThat(store.find(OUTPUT.child("a.safetensors"))).isEmpty();
      copy.publish(small());
      assertThat(copy.digests())
          .containsEntry("a.safetensors", "digest of 0")
          .containsEntry("b.safetensors", "digest of 1");
    }
    assertThat(store.bytes(OUTPUT.child("a.safetensors")))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(store.bytes(OUTPUT.child("b.safetensors"))).containsExactly(0, 1, 2);
    assertThat(store.bytes(new Location("/models/copy/unet/config.json"))).containsExactly(1);
    assertThat(store.openUploads()).isZero();
  }

  @Test
  void partsAreLargerWhereThereWouldBeMoreThanAStoreTakes() throws IOException {
    sizes.put("huge.safetensors", 100_001L);
    try (FolderCopy copy = claim(false)) {
      assertThat(copy.tickets(0, 4)).hasSize(3);
      List<PartTicket> tickets = copy.tickets(1, 1);
      assertThat(tickets.size()).isLessThanOrEqualTo(10_000);
      assertThat(tickets.get(tickets.size() - 1).range().end()).isEqualTo(100_001);
      long end = 0;
      for (PartTicket ticket : tickets) {
        assertThat(ticket.range().begin()).isEqualTo(end);
        end = ticket.range().end();
      }
    }
  }

  @Test
  void whatIsNotWholeCannotBePublished() throws IOException {
    sizes.put("b.safetensors", 3L);
    try (FolderCopy copy = claim(false)) {
      copy(copy, 0, 100);
      assertThatThrownBy(() -> copy.publish(small()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("1 of 2 files");
    }
    assertThat(store.find(OUTPUT.child("a.safetensors"))).isEmpty();
    assertThat(store.openUploads()).isZero();
  }

  @Test
  void aCopyThatWasNotAskedToKeepAnythingLeavesNothing() throws IOException {
    sizes.put("b.safetensors", 3L);
    try (FolderCopy copy = claim(false)) {
      copy(copy, 0, 100);
      assertThat(copy.stop()).isEqualTo(new Leftovers.Nothing());
    }
    assertThat(store.openUploads()).isZero();
    try (FolderCopy again = claim(true)) {
      assertThat(again.isWhole(0)).isFalse();
    }
  }

  @Test
  void aCopyThatHasNothingWholeKeepsNothing() throws IOException {
    try (FolderCopy copy = claim(true)) {
      assertThat(copy.stop()).isEqualTo(new Leftovers.Nothing());
    }
    assertThat(store.openUploads()).isZero();
  }

  @Test
  void whatWasWholeIsNotCopiedAgain() throws IOException {
    sizes.put("b.safetensors", 3L);
    try (FolderCopy copy = claim(true)) {
      copy(copy, 0, 4);
      assertThat(copy.stop()).isEqualTo(new Leftovers.Kept(1, 2));
    }
    try (FolderCopy again = claim(true)) {
      assertThat(again.isWhole(0)).isTrue();
      assertThat(again.isWhole(1)).isFalse();
      copy(again, 1, 100);
      assertThat(again.digests()).containsEntry("a.safetensors", "digest of 0");
      again.publish(small());
    }
    assertThat(store.bytes(OUTPUT.child("a.safetensors"))).hasSize(10);
    assertThat(store.bytes(OUTPUT.child("b.safetensors"))).hasSize(3);
    assertThat(store.openUploads()).isZero();
  }

  @Test
  void anotherModelIsNotMixedIntoWhatWasBegun() throws IOException {
    sizes.put("b.safetensors", 3L);
    try (FolderCopy copy = claim(true)) {
      copy(copy, 0, 4);
      copy.stop();
    }
    assertThatThrownBy(
            () ->
                FolderCopy.claim(
                    store, OUTPUT, Replaceable.NOTHING, true, identity("/models/other"), sizes))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("What was begun into /models/copy is something else:")
        .hasMessageContaining("stockpot discard /models/copy");
    try (FolderCopy again = claim(true)) {
      assertThat(again.isWhole(0)).as("it is still there for who began it").isTrue();
    }
  }

  @Test
  void aFolderThatHoldsSomethingIsNotTaken() {
    store.write(OUTPUT.child("mine.txt"), new byte[1]);
    assertThatThrownBy(() -> claim(false)).isInstanceOf(OutputOccupiedException.class);
    assertThat(store.openUploads()).isZero();
  }
}
