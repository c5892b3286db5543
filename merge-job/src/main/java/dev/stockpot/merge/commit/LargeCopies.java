package dev.stockpot.merge.commit;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.PendingFolder.Upload;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * Copies files of a model that go along piece by piece, so that a driver with little memory can
 * carry the weights of a module, or a thousand files: those that are large, and all behind the
 * first few that are held.
 */
final class LargeCopies {
  /** One tokenizer of today's has up to 35 MB. */
  private static final long HELD_BYTES = 64L << 20;

  /** S3 takes no part below 5 MiB; of 10,000, which it takes, come 80 GB. */
  private static final int PART_BYTES = 8 << 20;

  private final ObjectStore store;
  private final PendingFolder folder;

  LargeCopies(ObjectStore store, PendingFolder folder) {
    this.store = store;
    this.folder = folder;
  }

  /** Names of those that are not to be held in memory. */
  static Set<String> among(List<Companion> companions) {
    Set<String> large = new HashSet<>();
    long held = 0;
    for (Companion companion : companions) {
      long size = companion.stored().map(StoredObject::size).orElse(0L);
      if (size > HELD_BYTES - held) {
        large.add(companion.name());
      } else {
        held += size;
      }
    }
    return large;
  }

  /** Copies them into the folder, where they are seen when it is published. */
  Map<String, ListedFile> copy(List<Companion> companions) throws IOException {
    Set<String> large = among(companions);
    Map<String, ListedFile> copies = new TreeMap<>();
    for (Companion companion : companions) {
      if (large.contains(companion.name())) {
        copies.put(companion.name(), copy(companion.name(), companion.stored().orElseThrow()));
      }
    }
    return copies;
  }

  private ListedFile copy(String name, StoredObject object) throws IOException {
    Sha256 digest = new Sha256();
    Upload upload = folder.startUpload(name, object.size());
    List<PartReceipt> receipts = new ArrayList<>();
    ByteBuffer piece = ByteBuffer.allocate(PART_BYTES);
    try (RangeReader reader = store.open(object);
        BufferAllocator memory = new RootAllocator(2L * PART_BYTES)) {
      for (long at = 0; at < object.size(); at += PART_BYTES) {
        ByteRange range = new ByteRange(at, Math.min(object.size(), at + PART_BYTES));
        piece.clear().limit((int) range.length());
        reader.read(at, piece);
        digest.add(piece.flip());
        try (PartSink sink = store.open(upload.ticket(receipts.size() + 1, range), memory)) {
          sink.write(piece);
          receipts.add(sink.finish());
        }
      }
    }
    upload.complete(receipts);
    return new ListedFile(object.size(), digest.hexadecimal());
  }
}
