package dev.stockpot.merge.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.PendingFolder.Upload;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file is copied part by part, and its bytes are those that they should be. */
class FileCopierTest {
  private static final Location FILE = new Location("/models/a/model.safetensors");
  private static final Location OUT = new Location("/out");
  private static final long MEMORY = 8 << 20;
  private static final PartSettings SETTINGS = new PartSettings(4_096, MEMORY, false, false);

  private final PartBench bench = new PartBench(MEMORY);

  @AfterEach
  void everyBufferWasReturned() {
    bench.close();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] written(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    bench.store().write(FILE, bytes);
    return bytes;
  }

  private StoredObject file() throws IOException {
    return bench.store().find(FILE).orElseThrow();
  }

  /** Copies a file in parts of that size, and publishes it. */
  private CopyResult copied(StoredObject file, long partSize) throws IOException {
    try (PendingFolder folder = bench.store().create(OUT, Replaceable.NOTHING)) {
      Upload upload = folder.startUpload("copy", file.size());
      List<PartTicket> tickets = new ArrayList<>();
      for (long at = 0; at < file.size(); at += partSize) {
        ByteRange range = new ByteRange(at, Math.min(file.size(), at + partSize));
        tickets.add(upload.ticket(tickets.size() + 1, range));
      }
      CopyResult result = bench.runner(SETTINGS).copy(new CopyTask(file, tickets));
      upload.complete(result.receipts());
      folder.publish();
      return result;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1, 100",
    "4096, 4096",
    "4097, 4096",
    "100000, 1000",
    "100000, 99999",
    "300000, 300000"
  })
  void theCopyHasTheBytesOfTheFile(int size, long partSize) throws IOException {
    byte[] bytes = written(size);
    CopyResult result = copied(file(), partSize);
    assertThat(bench.store().bytes(OUT.child("copy"))).isEqualTo(bytes);
    assertThat(result.sha256()).isEqualTo(sha256(bytes));
    assertThat(result.receipts()).hasSize((int) ((size + partSize - 1) / partSize));
  }

  /** The store in memory gives versions of its own; that of a hub is the digest. */
  @Test
  void theDigestThatAStoreKnowsIsChecked() throws IOException {
    byte[] bytes = written(10_000);
    StoredObject file = file();
    CopyTask right =
        new CopyTask(
            new StoredObject(FILE, file.size(), "sha256:" + sha256(bytes)), tickets(file.size()));
    assertThat(right.expected()).hasValue(sha256(bytes));
    assertThat(new CopyTask(file, tickets(file.size())).expected()).isEmpty();
  }

  private List<PartTicket> tickets(long size) throws IOException {
    try (PendingFolder folder = bench.store().create(OUT, Replaceable.NOTHING)) {
      return List.of(folder.startUpload("copy", size).ticket(1, new ByteRange(0, size)));
    }
  }

  @Test
  void partsThatAreNotAllOfTheFileAreRefused() throws IOException {
    written(10_000);
    StoredObject file = file();
    List<PartTicket> tickets = tickets(9_999);
    assertThatThrownBy(() -> new CopyTask(file, tickets))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parts of 9999 bytes for /models/a/model.safetensors, which has 10000");
  }

  @Test
  void aFileThatChangedIsNotCopied() throws IOException {
    written(10_000);
    StoredObject before = file();
    bench.store().write(FILE, new byte[10_000]);
    assertThatThrownBy(() -> copied(before, 10_000))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/models/a/model.safetensors");
    assertThat(bench.store().openUploads()).isZero();
  }

  @Test
  void aFileThatIsGoneIsNotCopied() throws IOException {
    written(10_000);
    StoredObject before = file();
    bench.store().delete(FILE);
    assertThatThrownBy(() -> copied(before, 10_000)).isInstanceOf(IOException.class);
    assertThat(bench.store().openUploads()).isZero();
  }
}
