package dev.stockpot.merge.table;

import dev.stockpot.kernels.Operand;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.Closeable;
import java.io.IOException;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Reads numbers of tensors as float32, a few MiB at a time. */
final class StoredNumbers implements Closeable {
  private static final int BYTES = 4 << 20;

  private final ObjectSource source;
  private BufferAllocator memory;
  private ArrowBuf buffer;
  private StoredObject file;
  private RangeReader reader;
  private long bytes;

  StoredNumbers(ObjectSource source) {
    this.source = source;
  }

  /** Bytes that were read. */
  long bytes() {
    return bytes;
  }

  /** Numbers of a tensor, widened; beyond float32 they become infinite. */
  float[] floats(TensorInfo tensor, long first, int count) throws IOException {
    float[] all = new float[count];
    int most = BYTES / tensor.dtype().bytes();
    for (int done = 0; done < count; done += most) {
      int some = Math.min(most, count - done);
      read(tensor, first + done, some, all, done);
    }
    return all;
  }

  /** What all numbers of a tensor are like. */
  Moments moments(TensorInfo tensor) throws IOException {
    Moments moments = new Moments();
    int most = BYTES / tensor.dtype().bytes();
    float[] some = new float[(int) Math.min(most, tensor.shape().elements())];
    for (long first = 0; first < tensor.shape().elements(); first += most) {
      int count = (int) Math.min(most, tensor.shape().elements() - first);
      read(tensor, first, count, some, 0);
      moments.add(some, count);
    }
    return moments;
  }

  private void read(TensorInfo tensor, long first, int count, float[] into, int place)
      throws IOException {
    if (buffer == null) {
      memory = new RootAllocator(BYTES);
      buffer = memory.buffer(BYTES);
    }
    int length = count * tensor.dtype().bytes();
    long position = tensor.bytes().begin() + first * tensor.dtype().bytes();
    open(tensor.shard()).read(position, buffer.nioBuffer(0, length));
    bytes += length;
    Operand numbers = new Operand(buffer, tensor.dtype(), count);
    for (int i = 0; i < count; i++) {
      into[place + i] = (float) numbers.at(i);
    }
  }

  private RangeReader open(StoredObject wanted) throws IOException {
    if (!wanted.equals(file)) {
      closeFile(); // and forget it: the next one may not open
      reader = source.open(wanted);
      file = wanted;
    }
    return reader;
  }

  private void closeFile() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
      file = null;
    }
  }

  @Override
  public void close() throws IOException {
    if (buffer != null) {
      buffer.close();
      memory.close();
      buffer = null;
    }
    closeFile();
  }
}
