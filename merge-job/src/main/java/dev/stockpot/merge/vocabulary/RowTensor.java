package dev.stockpot.merge.vocabulary;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor with a row for each token.
 *
 * @param axis along which the rows follow each other
 */
record RowTensor(String name, RowPart part, int axis, TensorSource source) {
  RowTensor {
    requireNonNull(name, "name is null");
    requireNonNull(part, "part is null");
    requireNonNull(source, "source is null");
  }

  long rows() {
    return source.shape().dimensions().get(axis);
  }

  /** Whether rows of this one can stand in another. */
  boolean fits(RowTensor other) {
    List<Long> ours = new ArrayList<>(source.shape().dimensions());
    List<Long> theirs = new ArrayList<>(other.source().shape().dimensions());
    if (axis != other.axis || ours.size() != theirs.size()) {
      return false;
    }
    ours.remove(axis);
    theirs.remove(axis);
    return ours.equals(theirs)
        && source.dtype().isReadable()
        && other.source().dtype().isReadable();
  }

  boolean isFor(RowPart wanted) {
    return part == wanted;
  }

  /** Whether it is the embedding that a model shares with its head. */
  boolean standsFor(RowPart wanted) {
    return wanted == RowPart.HEAD && part == RowPart.EMBEDDING;
  }
}
