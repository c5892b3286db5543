package dev.stockpot.merge.adapter;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Addition;
import dev.stockpot.merge.model.Change;
import dev.stockpot.merge.model.LowRank;
import dev.stockpot.merge.model.Reduced;
import dev.stockpot.merge.model.RowLengths;
import dev.stockpot.merge.model.TensorSource;

/**
 * A tensor while adapters change it, in float32.
 *
 * @param source what it is made of, in some form
 * @param shape that it has upright
 * @param dtype what it is rounded to in the end
 */
record Draft(TensorSource source, Form form, Shape shape, DType dtype) {
  /** How the source lies: changes are of rows. */
  enum Form {
    /** As it is stored. */
    UPRIGHT,
    /** Rows and columns exchanged. */
    TURNED,
    /** The rows of all matrices of a stack one below the other. */
    STACKED
  }

  /** A tensor of a model, which keeps its type; FP8, which nobody writes, becomes BF16. */
  static Draft of(TensorSource source) {
    return of(source, source.dtype().isFloat8() ? DType.BF16 : source.dtype());
  }

  static Draft of(TensorSource source, DType dtype) {
    return new Draft(source, Form.UPRIGHT, source.shape(), dtype);
  }

  private TensorSource upright() {
    return switch (form) {
      case UPRIGHT -> source;
      case TURNED -> source.transposed();
      case STACKED -> source.reshaped(shape);
    };
  }

  private Draft as(Form wanted) {
    if (wanted == form) {
      return this;
    }
    TensorSource upright = upright();
    return switch (wanted) {
      case UPRIGHT -> new Draft(upright, wanted, shape, dtype);
      case TURNED -> new Draft(upright.transposed(), wanted, shape, dtype);
      case STACKED -> {
        long columns = shape.rowElements();
        Shape stacked = Shape.of(shape.elements() / columns, columns);
        yield new Draft(upright.reshaped(stacked), wanted, shape, dtype);
      }
    };
  }

  private Draft with(Change change) {
    return new Draft(source.changed(change), form, shape, dtype);
  }

  /** Another tensor in its place. */
  Draft replaced(TensorSource other) {
    return of(other, dtype);
  }

  /** Adds {@code scale · left · right}. */
  Draft plus(TensorSource left, TensorSource right, long rank, float scale) {
    return form == Form.TURNED
        ? with(new LowRank(right.transposed(), left.transposed(), rank, scale))
        : as(Form.UPRIGHT).with(new LowRank(left, right, rank, scale));
  }

  /** Adds a product to each of its matrices, of which there are as many as it is long. */
  Draft plusStack(TensorSource left, TensorSource right, long rank, float scale) {
    long matrices = shape.dimensions().get(0);
    return as(Form.STACKED).with(new LowRank(left, right, rank, scale, matrices));
  }

  /** Takes a part of low rank away. */
  Draft without(Reduced.Part part, long rank, float factor) {
    return replaced(new Reduced(upright(), part, Math.toIntExact(rank), factor));
  }

  /** Adds another tensor. */
  Draft plus(TensorSource addend, float scale) {
    return as(Form.UPRIGHT).with(new Addition(addend, scale));
  }

  /**
   * Scales its rows to lengths.
   *
   * @param areColumns whether they are lengths of its columns
   */
  Draft withLengths(TensorSource lengths, boolean areColumns) {
    return as(areColumns ? Form.TURNED : Form.UPRIGHT).with(new RowLengths(lengths));
  }

  /** What it is made of now, not rounded. */
  TensorSource unrounded() {
    return upright().as(DType.F32);
  }

  /** The tensor, rounded once. */
  TensorSource rounded() {
    TensorSource rounded = source.as(dtype);
    return new Draft(rounded, form, shape, dtype).upright();
  }
}
