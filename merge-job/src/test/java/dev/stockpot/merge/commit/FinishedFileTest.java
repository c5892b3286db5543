package dev.stockpot.merge.commit;

import static dev.stockpot.merge.commit.SmallMerge.OUTPUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.commit.MergeJournal.FinishedShard;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** A file of a merge before counts only if every byte is what was written down. */
class FinishedFileTest {
  private final SmallMerge merge = new SmallMerge(1000);
  private final OutputShard shard = merge.plan().shards().get(0);
  private final byte[] content;
  private final Map<String, Integer> checksums = new HashMap<>();

  FinishedFileTest() throws IOException {
    merge.run();
    content = merge.store().bytes(OUTPUT.child(shard.file()));
    Random random = new Random(3);
    for (OutputShard.Placed placed : shard.tensors()) { // each has other bytes than the others
      byte[] bytes = new byte[(int) placed.bytes().length()];
      random.nextBytes(bytes);
      System.arraycopy(bytes, 0, content, (int) placed.bytes().begin(), bytes.length);
      CRC32C crc = new CRC32C();
      crc.update(bytes);
      checksums.put(placed.tensor().output().name(), (int) crc.getValue());
    }
  }

  private static FinishedShard written(Map<String, Integer> checksums, String sha256) {
    return new FinishedShard(
        "f",
        0,
        "u",
        List.of(),
        checksums,
        Map.of(),
        Map.of(),
        Map.of(),
        MatrixFindings.NONE,
        sha256);
  }

  /** Reads bytes, and knows how many and whether it was closed. */
  private static final class Bytes implements RangeReader {
    private final byte[] bytes;
    private long read;
    private boolean isClosed;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void read(long position, ByteBuffer into) throws IOException {
      if (position + into.remaining() > bytes.length) {
        throw new EOFException("it ends at %s".formatted(bytes.length));
      }
      read += into.remaining();
      into.put(bytes, (int) position, into.remaining());
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  private ByteBuffer front() {
    int data = (int) shard.tensors().get(0).bytes().begin();
    return ByteBuffer.wrap(Arrays.copyOf(content, data));
  }

  private boolean isAs(byte[] bytes, ByteBuffer front, FinishedShard written) throws IOException {
    Bytes reader = new Bytes(bytes);
    try (FinishedFile file = new FinishedFile(Optional.of(reader))) {
      return file.isAs(shard, front, written);
    } finally {
      assertThat(reader.isClosed).isTrue();
    }
  }

  @Test
  void everyByteCounts() throws IOException {
    ByteBuffer front = front();
    assertThat(isAs(content, front, written(checksums, ""))).isTrue();
    for (int place = 0; place < content.length; place++) {
      byte[] damaged = content.clone();
      damaged[place] ^= 1;
      assertThat(isAs(damaged, front, written(checksums, ""))).as("byte %s", place).isFalse();
    }
  }

  @Test
  void theHeaderIsComparedOnlyWhereItIsKnown() throws IOException {
    byte[] damaged = content.clone();
    damaged[9] ^= 1;
    assertThat(isAs(damaged, null, written(checksums, ""))).isTrue();
  }

  @Test
  void aTensorOfWhichNothingWasWrittenDownIsMadeAgain() throws IOException {
    checksums.remove("t.10");
    assertThat(isAs(content, front(), written(checksums, ""))).isFalse();
  }

  @Test
  void whatCannotBeReadIsToldToWhoAsks() {
    byte[] cut = Arrays.copyOf(content, content.length - 1);
    assertThatThrownBy(() -> isAs(cut, front(), written(checksums, "")))
        .isInstanceOf(EOFException.class);
  }

  /** A store that answers for parts that it took leaves nothing to read. */
  @Test
  void whereTheStoreAnswersForItNothingIsRead() throws IOException {
    try (FinishedFile file = new FinishedFile(Optional.empty())) {
      assertThat(file.isAs(shard, front(), written(Map.of(), "of another"))).isTrue();
    }
  }

  /** Of a copy no tensors are known, only all of its bytes: more than are read at once. */
  @Test
  void aCopyIsComparedByItsDigest() throws IOException {
    byte[] large = new byte[(1 << 20) + 17];
    new Random(1).nextBytes(large);
    String sha256 = Sha256.of(ByteBuffer.wrap(large));
    OutputShard copied = new OutputShard("c", large.length, List.of());
    Bytes reader = new Bytes(large);
    try (FinishedFile file = new FinishedFile(Optional.of(reader))) {
      assertThat(file.isAs(copied, null, written(Map.of(), sha256))).isTrue();
      assertThat(reader.read).isEqualTo(large.length);
      large[1 << 20] ^= 1;
      assertThat(file.isAs(copied, null, written(Map.of(), sha256))).isFalse();
    }
  }

  @Test
  void aShardIsReadOnceForAllOfItsSums() throws IOException {
    merge.store().write(OUTPUT.child(shard.file()), content);
    StoredObject stored = merge.store().find(OUTPUT.child(shard.file())).orElseThrow();
    long before = merge.store().bytesRead();
    ShardSums sums =
        ShardSums.of(
            merge.store(),
            stored,
            shard.tensors().stream()
                .map(
                    placed ->
                        new TensorInfo(
                            placed.tensor().output().name(),
                            placed.tensor().output().dtype(),
                            placed.tensor().output().shape(),
                            stored,
                            placed.bytes()))
                .sorted((one, other) -> other.name().compareTo(one.name())) // in any order
                .toList());
    assertThat(merge.store().bytesRead() - before).isEqualTo(content.length);
    assertThat(sums.sha256()).isEqualTo(Sha256.of(ByteBuffer.wrap(content)));
    assertThat(sums.crc32c()).hasSize(3);
    checksums.forEach(
        (name, crc) -> assertThat(sums.crc32c()).containsEntry(name, "%08x".formatted(crc)));
  }

  @Test
  void aShardWithoutTensorsHasADigest() throws IOException {
    merge.store().write(OUTPUT.child("x"), new byte[] {1, 2, 3});
    StoredObject stored = merge.store().find(OUTPUT.child("x")).orElseThrow();
    ShardSums sums = ShardSums.of(merge.store(), stored, List.of());
    assertThat(sums.crc32c()).isEmpty();
    assertThat(sums.sha256())
        .isEqualTo("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
  }
}
