package dev.stockpot.merge.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Rows of several tables, sorted by example and then by table, as blocks of joined examples. Holds
 * one example and one block at a time. Examples with a fault are left out, and told.
 */
public final class JoinedBlocks implements Iterator<Block> {
  private final Iterator<PredictionRow> rows;
  private final Tables tables;
  private final int blockRows;
  private PredictionRow next;

  /**
   * @param rows sorted
   */
  public JoinedBlocks(Iterator<PredictionRow> rows, Tables tables) {
    this.rows = rows;
    this.tables = tables;
    this.blockRows = Block.rows(tables.models(), tables.classes());
    step();
  }

  private void step() {
    next = rows.hasNext() ? rows.next() : null;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  /** A block; one without rows, if all that is left has faults. */
  @Override
  public Block next() {
    if (next == null) {
      throw new NoSuchElementException("all rows are joined");
    }
    int width = tables.models() * tables.classes();
    String[] ids = new String[blockRows];
    int[] labels = new int[blockRows];
    double[] logits = new double[blockRows * width];
    int filled = 0;
    Findings findings = new Findings(tables.all());
    Example example = new Example(tables, findings);
    List<PredictionRow> same = new ArrayList<>();
    while (filled < blockRows && next != null) {
      PredictionRow first = next;
      if (!first.isNamed()) {
        findings.fault(Fault.NO_ID, next.getTable(), "without a name", "");
        step();
        continue;
      }
      same.clear();
      while (next != null && next.isOf(first)) {
        same.add(next);
        step();
      }
      if (example.read(same, logits, filled * width)) {
        ids[filled] = first.name();
        labels[filled++] = example.label();
      }
    }
    return new Block(
        Arrays.copyOf(ids, filled),
        Arrays.copyOf(labels, filled),
        Arrays.copyOf(logits, filled * width),
        tables,
        findings);
  }
}
