package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that an ensemble writes have what is known of an example, and no more. */
class CombinedRowsTest {
  private static final Tables TABLES =
      new Tables(List.of(Scale.LOGITS, Scale.LOGITS), 2, /* masks= */ true);

  private static Object[] filled(Combination combination, int label, double... logits) {
    Findings none = new Findings(TABLES.all());
    Block block = new Block(new String[] {"id"}, new int[] {label}, logits, TABLES, none);
    OutputRows rows = new CombinedRows(combination);
    Object[] cells = new Object[1 + rows.columns().size()];
    rows.fill(block, 0, cells);
    return cells;
  }

  @Test
  void aRowIsItsLabelTheDecisionAndProbabilities() {
    Combination mean = new MeanOfProbabilities(Weights.equal(2));
    Object[] cells = filled(mean, 0, Math.log(0.5), Math.log(0.5), Math.log(0.25), Math.log(0.75));
    assertThat(cells).startsWith(null, 0, 1);
    assertThat((double[]) cells[3]).containsExactly(new double[] {0.375, 0.625}, within(1e-12));
  }

  @Test
  void whatNobodySaidIsLeftEmpty() {
    double none = Double.NaN;
    assertThat(filled(new Single(0), Block.UNKNOWN, none, none, 1, 2)).containsOnlyNulls();
    assertThat(filled(new Single(0), 1, none, none, 1, 2)).containsExactly(null, 1, null, null);
    assertThat(filled(new Single(1), Block.UNKNOWN, none, none, 1, 2)).startsWith(null, null, 1);
  }
}
