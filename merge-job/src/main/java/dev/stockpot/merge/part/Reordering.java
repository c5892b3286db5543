package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Reordered;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Copies elements of columns to where these go.
 *
 * @param from the buffer of the whole pieces that the elements lie in
 * @param place of the first byte in the target
 */
record Reordering(Reordered source, ElementSpan span, int from, int to, long place)
    implements AssemblyStep {
  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu) {
    ArrowBuf there = buffers.get(from);
    ArrowBuf target = buffers.get(to);
    int width = source.dtype().bytes();
    long before = source.needed(span).first();
    long run = source.runElements();
    for (long element = span.first(); element < span.end(); ) {
      long count = Math.min(run - element % run, span.end() - element);
      long at = (source.elementOf(element) - before) * width;
      long put = place + (element - span.first()) * width;
      if (count > 1) {
        target.setBytes(put, there, at, count * width);
      } else {
        copy(there, at, target, put, width);
      }
      element += count;
    }
  }

  private static void copy(ArrowBuf from, long at, ArrowBuf to, long put, int width) {
    switch (width) {
      case Byte.BYTES -> to.setByte(put, from.getByte(at));
      case Short.BYTES -> to.setShort(put, from.getShort(at));
      case Integer.BYTES -> to.setInt(put, from.getInt(at));
      default -> to.setLong(put, from.getLong(at));
    }
  }
}
