package dev.stockpot.merge.part;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/** Buffers of a task, given back together. */
final class OwnBuffers implements AutoCloseable {
  private final PartTools tools;
  private final List<ArrowBuf> buffers = new ArrayList<>();

  OwnBuffers(PartTools tools) {
    this.tools = tools;
  }

  ArrowBuf buffer(long bytes) {
    ArrowBuf buffer = tools.buffer(bytes);
    buffers.add(buffer);
    return buffer;
  }

  @Override
  public void close() {
    buffers.forEach(ArrowBuf::close);
  }
}
