package dev.stockpot.merge.part;

import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.RowMean;
import java.io.IOException;
import org.apache.arrow.memory.ArrowBuf;

/** Who knows the means of all rows of tensors. */
@FunctionalInterface
interface RowMeans {
  /**
   * Writes some elements of a mean as float32.
   *
   * @param place of the first byte in the buffer
   */
  void write(RowMean mean, ElementSpan span, ArrowBuf into, long place) throws IOException;
}
