package dev.stockpot.merge.compose;

import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.methods.widths.WidthPrograms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.RowMap;
import dev.stockpot.merge.model.RowMean;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.Carry;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.List;

/**
 * A tensor with a row for each token of another model: its own rows where it knows the token.
 *
 * @param name of the tensor
 * @param ours with a row for each token that we know
 * @param theirs with a row for each token of the other
 * @param model whose ours is
 * @param wanted whose tokens, and how rows are found
 */
record Transplant(
    String name,
    TensorSource ours,
    TensorSource theirs,
    ModelReference model,
    Carry.Tokens wanted) {
  Transplant {
    if (ours.shape().dimensions().size() != 2 || theirs.shape().dimensions().size() != 2) {
      throw new IllegalArgumentException(
          "%s and %s are no matrices with a row for each token"
              .formatted(ours.shape(), theirs.shape()));
    }
  }

  /** Rows by where they come from, and the tokens that have none. */
  private static final class Rows {
    private final RowMap.Builder there = new RowMap.Builder();
    private final RowMap.Builder here = new RowMap.Builder();
    private final RowMap.Builder lacking = new RowMap.Builder();
    private final RowMap.Builder all = new RowMap.Builder();
    private int shared;
    private int missing;
  }

  /**
   * The tensor.
   *
   * @throws IllegalArgumentException if rows cannot be found as is wanted
   */
  TensorSource made(TokenRows tokens) {
    int[] known = tokens.of(wanted.of(), model);
    if (known.length > theirs.shape().dimensions().get(0)) {
      throw new IllegalArgumentException(
          "%s has %s rows, and its tokenizer %s tokens"
              .formatted(wanted.of(), theirs.shape().dimensions().get(0), known.length));
    }
    return wanted.method() == Carry.Method.SUBWORD
        ? new SpelledRows(this).made(known, tokens.pieces(wanted.of(), model))
        : approximated(known);
  }

  /** Whether a row is one of ours. */
  boolean isOurs(int row) {
    return row >= 0 && row < ours.shape().dimensions().get(0);
  }

  private TensorSource approximated(int[] known) {
    Rows rows = new Rows();
    boolean isMean = wanted.method() == Carry.Method.MEAN;
    for (int id = 0; id < known.length; id++) {
      if (isOurs(known[id])) {
        rows.there.add(0, id);
        rows.here.add(0, known[id]);
        rows.all.add(0, known[id]);
        rows.shared++;
      } else {
        rows.lacking.add(0, id);
        rows.all.add(1, isMean ? 0 : rows.missing);
        rows.missing++;
      }
    }
    if (rows.missing == 0) {
      return new Gathered(List.of(ours), rows.all.build(), 0);
    }
    int least = isMean ? 1 : wanted.most();
    if (rows.shared < least) {
      throw new IllegalArgumentException(
          "%s and %s share %s tokens, fewer than `k: %s`"
              .formatted(model, wanted.of(), rows.shared, least));
    }
    Gathered anchors = new Gathered(List.of(ours), rows.here.build(), 0);
    if (isMean) {
      return new Gathered(List.of(ours, new RowMean(anchors)), rows.all.build(), 0);
    }
    List<TensorSource> inputs =
        List.of(
            new Gathered(List.of(theirs), rows.lacking.build(), 0),
            new Gathered(List.of(theirs), rows.there.build(), 0),
            anchors);
    TensorSource made = solved(inputs, program(rows), rows.missing, "of " + wanted.most());
    return new Gathered(List.of(ours, made), rows.all.build(), 0);
  }

  private MatrixProgram program(Rows rows) {
    long from = theirs.shape().dimensions().get(1);
    long width = ours.shape().dimensions().get(1);
    return wanted.method() == Carry.Method.OMP
        ? WidthPrograms.matchingPursuit(rows.missing, rows.shared, from, width, wanted.most())
        : WidthPrograms.neighbours(rows.missing, rows.shared, from, width, wanted.most());
  }

  /** Rows that a program makes. */
  Solved solved(List<TensorSource> inputs, MatrixProgram program, int rows, String terms) {
    return new Solved(
        "rows of %s for tokens of %s".formatted(name, wanted.of()),
        Shape.of(rows, ours.shape().dimensions().get(1)),
        DType.F32,
        inputs,
        program,
        "%s, %s".formatted(wanted.method().word(), terms));
  }
}
