package dev.stockpot.merge.part;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Copies a file, by ranges that are read ahead, and checks its digest on the way. */
final class FileCopier {
  private final ObjectStore store;
  private final PartTools tools;

  FileCopier(ObjectStore store, PartTools tools) {
    this.store = store;
    this.tools = tools;
  }

  /**
   * Copies.
   *
   * @throws IOException if the bytes are not those that the source's store says it has
   */
  CopyResult run(CopyTask task) throws IOException {
    Sha256 digest = new Sha256();
    List<PartReceipt> receipts = new ArrayList<>();
    try (ChunksAhead chunks = new ChunksAhead(store, task, tools)) {
      for (PartTicket ticket : task.tickets()) {
        try (PartSink sink = store.open(ticket, tools.memory())) {
          for (ByteRange chunk : chunks.of(ticket)) {
            ByteBuffer bytes = chunks.next(chunk);
            tools.watch().waited();
            digest.add(bytes);
            tools.watch().merged();
            sink.write(bytes);
            tools.watch().wrote(chunk.length());
          }
          receipts.add(sink.finish());
          tools.watch().wrote(0);
        }
      }
    }
    String found = digest.hexadecimal();
    Optional<String> expected = task.expected();
    if (expected.isPresent() && !expected.get().equals(found)) {
      throw new IOException(
          "%s: its bytes have SHA-256 %s, and should have %s: they were damaged on the way, or where they lie. Fetch it again"
              .formatted(task.source().location(), found, expected.get()));
    }
    return new CopyResult(receipts, found);
  }
}
