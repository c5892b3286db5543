package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Generated;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Writes numbers that come from no tensor to their place.
 *
 * @param place of the first byte in the buffer
 */
record Generating(Generated source, ElementSpan span, int buffer, long place)
    implements AssemblyStep {
  private static final int MOST = 4_096;

  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu) {
    ArrowBuf into = buffers.get(buffer);
    for (long done = 0; done < span.count(); done += MOST) {
      float[] numbers = new float[(int) Math.min(MOST, span.count() - done)];
      source.numbers().fill(span.first() + done, numbers);
      for (int i = 0; i < numbers.length; i++) {
        into.setFloat(place + (done + i) * Float.BYTES, numbers[i]);
      }
    }
  }
}
