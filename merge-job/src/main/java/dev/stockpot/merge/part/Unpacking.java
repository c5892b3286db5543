package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Packing;
import dev.stockpot.merge.model.Unpacked;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Takes codes out of the elements that hold several, and writes what they stand for.
 *
 * @param packed the buffer of these elements
 * @param place of the first byte in the target
 */
record Unpacking(Unpacked source, ElementSpan span, int packed, int to, long place)
    implements AssemblyStep {
  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu) {
    int count = Math.toIntExact(span.count());
    FloatBuffer values =
        buffers
            .get(to)
            .nioBuffer(place, count * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    ElementSpan held = source.packedOf(span);
    Packing packing = source.packing();
    int each = packing.perElement();
    int bytes = each * packing.bits() / Byte.SIZE;
    ByteBuffer elements =
        buffers
            .get(packed)
            .nioBuffer(0, Math.toIntExact(held.count() * bytes))
            .order(ByteOrder.LITTLE_ENDIAN);
    float[] table = table(packing);
    long columns = source.shape().rowElements();
    int mask = table.length - 1;
    for (int i = 0; i < count; ) {
      long code = span.first() + i;
      int element = Math.toIntExact(source.elementOf(code) - held.first());
      long within = source.alongColumns() ? code / columns % each : code % columns % each;
      int word = bytes == 1 ? elements.get(element) : elements.getInt(element * bytes);
      // those behind it in the same element, as far as the row goes
      long left = Math.min(columns - code % columns, (long) count - i);
      int run = source.alongColumns() ? 1 : (int) Math.min(each - within, left);
      for (int j = 0; j < run; j++) {
        values.put(i + j, table[word >>> ((int) (within + j) * packing.bits()) & mask]);
      }
      i += run;
    }
  }

  private static float[] table(Packing packing) {
    float[] values = new float[1 << packing.bits()];
    for (int code = 0; code < values.length; code++) {
      values[code] = packing.value(code);
    }
    return values;
  }
}
