package dev.stockpot.merge.quantised;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.Dequantised.Step;
import dev.stockpot.merge.model.Indexed;
import dev.stockpot.merge.model.Packing;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.model.Unpacked;
import java.util.List;
import java.util.Optional;

/**
 * A matrix of integers with scales for its groups of columns, as compressed-tensors stores it:
 * {@code (code - zero) · scale}. Zero points are packed along the columns; groups may be scattered,
 * and an index then says which group a column is of.
 *
 * @param stored a row for each row
 * @param scales a row for each row, or one for all; a column for each group
 */
record PackedIntegers(
    TensorSource stored,
    TensorSource scales,
    Optional<TensorSource> zeros,
    Optional<TensorSource> index,
    Packing packing,
    Quantiser quantiser) {

  /** Its numbers; empty if nobody can tell which columns share a scale. */
  Optional<TensorSource> read() {
    long rows = length(stored, 0);
    long groups = length(scales, 1);
    boolean hasRows = length(scales, 0) == rows;
    boolean isSymmetric = quantiser.isSymmetric();
    Optional<Long> columns = columns(groups);
    if (columns.isEmpty() || isSymmetric == zeros.isPresent() || !(hasRows || isOne())) {
      return Optional.empty();
    }
    Unpacked codes = new Unpacked(stored, packing, Shape.of(rows, columns.get()));
    Optional<TensorSource> points =
        zeros.map(
            some ->
                new Unpacked(
                    some,
                    packing,
                    Shape.of(length(scales, 0), groups),
                    /* alongColumns= */ packing != Packing.SIGNED));
    List<Long> block = List.of(hasRows ? 1 : rows, index.isPresent() ? 1 : columns.get() / groups);
    TensorSource shifted =
        points
            .<TensorSource>map(some -> new Dequantised(codes, byColumn(some), block, Step.MINUS))
            .orElse(codes);
    return Optional.of(new Dequantised(shifted, byColumn(scales), block));
  }

  private boolean isOne() {
    return scales.shape().elements() == 1;
  }

  private TensorSource byColumn(TensorSource ofGroups) {
    return index.<TensorSource>map(groups -> new Indexed(ofGroups, groups)).orElse(ofGroups);
  }

  /** Columns of the codes: the last word of a row need not be full. */
  private Optional<Long> columns(long groups) {
    long packed = length(stored, 1);
    long each = packing.perElement();
    long most = packed * each;
    long columns =
        index
            .map(some -> some.shape().elements())
            .orElseGet(() -> quantiser.groupSize().map(size -> size * groups).orElse(most));
    return (columns + each - 1) / each == packed && columns % groups == 0
        ? Optional.of(columns)
        : Optional.empty();
  }

  private static long length(TensorSource matrix, int axis) {
    return matrix.shape().dimensions().get(axis);
  }
}
