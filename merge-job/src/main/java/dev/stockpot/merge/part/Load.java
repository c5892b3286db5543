package dev.stockpot.merge.part;

import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.plan.TensorWork;
import java.util.List;

/**
 * What is read at once and then worked on.
 *
 * @param firstElement in the tensors, of a merge's inputs; else 0
 * @param outputBytes of the buffer that the work on it takes
 */
record Load(List<Piece> pieces, long firstElement, long outputBytes) {

  /** Consecutive bytes of one tensor, counted from its own beginning. */
  record Piece(TensorInfo tensor, long begin, int bytes) {}

  Load {
    pieces = List.copyOf(pieces);
  }

  /** The same elements of each tensor. */
  static Load of(List<TensorInfo> tensors, long firstElement, int count, long outputBytes) {
    return new Load(
        tensors.stream()
            .map(
                tensor ->
                    new Piece(
                        tensor,
                        firstElement * tensor.dtype().bytes(),
                        Math.multiplyExact(count, tensor.dtype().bytes())))
            .toList(),
        firstElement,
        outputBytes);
  }

  /** The memory of all its buffers, in whole pages. */
  long memory() {
    long bytes = TensorWork.buffer(outputBytes);
    for (Piece piece : pieces) {
      bytes += TensorWork.buffer(piece.bytes());
    }
    return bytes;
  }
}
