package dev.stockpot.merge.part;

import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.storage.StoredObject;
import java.util.List;

/**
 * What is read at once and then worked on.
 *
 * @param inputs what the work is about, in its order
 * @param pieces what is read, in order
 * @param steps what puts inputs together of what was read, in order
 * @param buffers the bytes of each buffer
 * @param outputBytes of the buffers that the work on it takes
 */
record Load(
    List<Input> inputs,
    List<Piece> pieces,
    List<AssemblyStep> steps,
    List<Long> buffers,
    long outputBytes) {

  /** Consecutive elements of a source, and the buffer that holds them from its beginning. */
  record Input(TensorSource source, ElementSpan span, int buffer) {}

  /**
   * Consecutive elements of a stored tensor, and where they go.
   *
   * @param place of the first byte in the buffer
   * @param isChecked whether all of them are wanted, so that none may be NaN where that is refused
   */
  record Piece(Stored source, ElementSpan span, int buffer, long place, boolean isChecked) {
    StoredObject object() {
      return source.tensor().shard();
    }

    int bytes() {
      return Math.toIntExact(span.bytes(source.dtype()).length());
    }
  }

  Load {
    inputs = List.copyOf(inputs);
    pieces = List.copyOf(pieces);
    steps = List.copyOf(steps);
    buffers = List.copyOf(buffers);
  }

  /** The same, as those see it who are about some of its inputs. */
  Load of(List<Integer> places) {
    return new Load(places.stream().map(inputs::get).toList(), pieces, steps, buffers, outputBytes);
  }

  /** The memory of all its buffers, in whole pages. */
  long memory() {
    return Footprint.pages(outputBytes) + buffers.stream().mapToLong(Footprint::pages).sum();
  }
}
