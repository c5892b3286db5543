package dev.stockpot.merge.predict;

import java.util.List;

/** Combined predictions as rows: label, decision, and a probability a class. */
record CombinedRows(Combination combination) implements OutputRows {
  private static final List<OutputColumn> COLUMNS =
      List.of(
          new OutputColumn("label", OutputColumn.Kind.WHOLE, /* isOptional= */ true),
          new OutputColumn("prediction", OutputColumn.Kind.WHOLE, /* isOptional= */ true),
          new OutputColumn("probabilities", OutputColumn.Kind.NUMBERS, /* isOptional= */ true));

  @Override
  public List<OutputColumn> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(Block block, int row, Object[] cells) {
    cells[1] = block.label(row) == Block.UNKNOWN ? null : block.label(row);
    double[] p = new double[block.classes()];
    if (combination.logits(block.logits(), block.at(row), p.length, p)) {
      Softmax.of(p, 0, p.length, p);
      cells[2] = Softmax.largest(p, 0, p.length);
      cells[3] = p;
    }
  }
}
