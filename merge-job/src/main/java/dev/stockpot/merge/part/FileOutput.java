package dev.stockpot.merge.part;

import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.part.PartResult.SliceChecksum;
import dev.stockpot.merge.plan.PartFile;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** What a part fills of one file, while it is made. */
final class FileOutput implements Closeable {
  private final PartFile file;
  private final PartTicket ticket;
  private final PartSink sink;
  private final Optional<FileDigests> digests;
  private final List<SliceChecksum> checksums = new ArrayList<>();
  private Optional<PartReceipt> receipt = Optional.empty();
  private CRC32C crc = new CRC32C();
  private long written;

  /**
   * A file of which nothing is written.
   *
   * @param digests of files that its bytes are added to, where that is wanted
   */
  FileOutput(PartFile file, PartTicket ticket, PartSink sink, Optional<FileDigests> digests) {
    this.file = file;
    this.ticket = ticket;
    this.sink = sink;
    this.digests = digests;
  }

  PartFile file() {
    return file;
  }

  void begin() throws IOException {
    Optional<ByteBuffer> front = file.front();
    if (front.isPresent()) {
      put(front.get());
    }
  }

  void write(ByteBuffer bytes) throws IOException {
    crc.update(bytes.duplicate());
    put(bytes);
  }

  private void put(ByteBuffer bytes) throws IOException {
    if (digests.isPresent()) {
      digests.get().add(ticket, written, bytes);
      written += bytes.remaining();
    }
    sink.write(bytes);
  }

  /** One of the tensors of a slice that lie together is whole. */
  void endTensor(OutputTensor tensor) {
    checksums.add(new SliceChecksum(tensor.name(), 0, tensor.byteCount(), (int) crc.getValue()));
    crc = new CRC32C();
  }

  /** A slice is whole, of which something lies here or nothing. */
  void endSlice(SliceTask slice) {
    if (!slice.work().liesTogether() && slice.makes(file.output())) {
      checksums.add(
          new SliceChecksum(
              slice.work().outputs().get(file.output()).name(),
              slice.bytes(file.output()).begin(),
              slice.bytes(file.output()).length(),
              (int) crc.getValue()));
      crc = new CRC32C();
    }
  }

  List<SliceChecksum> checksums() {
    return checksums;
  }

  void finish() throws IOException {
    receipt = Optional.of(sink.finish());
  }

  /** What was received of it, once it is finished. */
  PartReceipt receipt() {
    return receipt.orElseThrow();
  }

  /** SHA-256 of all of the file up to here; empty if that is not known. */
  String sha256() {
    return digests.map(all -> all.upTo(ticket)).orElse("");
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }
}
