package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Indexed;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Writes columns of a table as a stored index says.
 *
 * @param table the buffer of the rows that are needed
 * @param index the buffer of all of the index
 * @param place of the first byte in the target
 */
record Indexing(Indexed source, ElementSpan span, int table, int index, int to, long place)
    implements AssemblyStep {
  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu) {
    int count = Math.toIntExact(span.count());
    ElementSpan held = source.tableOf(span);
    Operand rows =
        new Operand(buffers.get(table), source.table().dtype(), Math.toIntExact(held.count()));
    long columns = source.shape().rowElements();
    IntBuffer groups =
        buffers
            .get(index)
            .nioBuffer(0, Math.toIntExact(columns * Integer.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asIntBuffer();
    FloatBuffer values =
        new Operand(buffers.get(to).slice(place, (long) count * Float.BYTES), DType.F32, count)
            .floats();
    long width = source.table().shape().rowElements();
    for (int i = 0; i < count; i++) {
      long element = span.first() + i;
      long column = element % columns;
      int group = source.group(groups.get((int) column), column);
      long row = element / columns * width - held.first();
      values.put(i, (float) rows.at((int) row + group));
    }
  }
}
