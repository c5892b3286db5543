package dev.stockpot.kernels.matrix;

import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.function.Consumer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Memory of a matrix, row by row. One view of a buffer reaches 2 GiB, so rows lie in several, each
 * of whole rows:
 *
 * <pre>
 * | row 0 | row 1 | … row n-1 | row n | …
 * |---------- view 0 ---------|-- view 1 …
 * </pre>
 */
final class Cells {
  private static final int VIEW_BYTES = 1 << 30;

  private final ArrowBuf buffer;
  private final Consumer<Cells> whenClosed;
  private final DoubleBuffer[] views;
  private final int rowLength;
  private final int rowShift;
  private boolean closed;

  Cells(BufferAllocator allocator, int rows, int rowLength, Consumer<Cells> whenClosed) {
    this.whenClosed = whenClosed;
    this.rowLength = rowLength;
    int rowBytes = Math.multiplyExact(rowLength, Double.BYTES);
    if (rowBytes > VIEW_BYTES) {
      throw new IllegalArgumentException(
          "rows of %s elements are too long, at most %s"
              .formatted(rowLength, VIEW_BYTES / Double.BYTES));
    }
    rowShift = 31 - Integer.numberOfLeadingZeros(VIEW_BYTES / rowBytes);
    long bytes = (long) rows * rowBytes;
    buffer = allocator.buffer(bytes);
    views = new DoubleBuffer[((rows - 1) >>> rowShift) + 1];
    for (int i = 0; i < views.length; i++) {
      long begin = ((long) i << rowShift) * rowBytes;
      int length = (int) Math.min((long) rowBytes << rowShift, bytes - begin);
      views[i] = buffer.nioBuffer(begin, length).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
    }
  }

  void zero() {
    buffer.setZero(0, buffer.capacity());
  }

  DoubleBuffer view(int row) {
    return views[row >>> rowShift];
  }

  /** Place of an element in its row's {@link #view}. */
  int place(int row, int column) {
    return (row & ((1 << rowShift) - 1)) * rowLength + column;
  }

  /** Gives the memory back, once. */
  void close() {
    if (!closed) {
      closed = true;
      whenClosed.accept(this);
      buffer.close();
    }
  }
}
