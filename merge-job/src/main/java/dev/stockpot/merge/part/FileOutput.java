package dev.stockpot.merge.part;

import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.part.PartResult.SliceChecksum;
import dev.stockpot.merge.plan.PartFile;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
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
  private final PartSink sink;
  private final List<SliceChecksum> checksums = new ArrayList<>();
  private Optional<PartReceipt> receipt = Optional.empty();
  private CRC32C crc = new CRC32C();

  FileOutput(PartFile file, PartSink sink) {
    this.file = file;
    this.sink = sink;
  }

  PartFile file() {
    return file;
  }

  void begin() throws IOException {
    Optional<ByteBuffer> front = file.front();
    if (front.isPresent()) {
      sink.write(front.get());
    }
  }

  void write(ByteBuffer bytes) throws IOException {
    crc.update(bytes.duplicate());
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

  @Override
  public void close() throws IOException {
    sink.close();
  }
}
