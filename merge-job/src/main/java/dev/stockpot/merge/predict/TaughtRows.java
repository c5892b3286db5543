package dev.stockpot.merge.predict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Soft labels as rows: a probability a class; or the classes that have most, theirs, and what all
 * others have together.
 *
 * @param most classes that are written; 0 for all
 */
record TaughtRows(Combination combination, int most) implements OutputRows {
  private static final OutputColumn LABEL =
      new OutputColumn("label", OutputColumn.Kind.WHOLE, /* isOptional= */ true);

  private static final List<OutputColumn> ALL =
      List.of(
          LABEL,
          new OutputColumn("probabilities", OutputColumn.Kind.NUMBERS, /* isOptional= */ true));

  private static final List<OutputColumn> SOME =
      List.of(
          LABEL,
          new OutputColumn("classes", OutputColumn.Kind.WHOLES, /* isOptional= */ true),
          new OutputColumn("class_probabilities", OutputColumn.Kind.NUMBERS, true),
          new OutputColumn("rest", OutputColumn.Kind.NUMBER, /* isOptional= */ true));

  @Override
  public List<OutputColumn> columns() {
    return most == 0 ? ALL : SOME;
  }

  @Override
  public void fill(Block block, int row, Object[] cells) {
    cells[1] = block.label(row) == Block.UNKNOWN ? null : block.label(row);
    double[] p = new double[block.classes()];
    if (!combination.logits(block.logits(), block.at(row), p.length, p)) {
      return;
    }
    Softmax.of(p, 0, p.length, p);
    if (most == 0) {
      cells[2] = p;
      return;
    }
    int[] kept = largest(p, most);
    double[] theirs = new double[kept.length];
    double rest = 0;
    for (int c = 0; c < p.length; c++) {
      rest += p[c];
    }
    for (int i = 0; i < kept.length; i++) {
      theirs[i] = p[kept[i]];
      rest -= theirs[i];
    }
    cells[2] = kept;
    cells[3] = theirs;
    cells[4] = kept.length == p.length ? 0 : Math.max(0, rest);
  }

  /** The classes that have most, the largest first; of equal ones the first. */
  static int[] largest(double[] p, int most) {
    List<Integer> order = new ArrayList<>();
    for (int c = 0; c < p.length; c++) {
      order.add(c);
    }
    order.sort(Comparator.comparingDouble((Integer c) -> -p[c]));
    return order.stream().limit(most).mapToInt(Integer::intValue).toArray();
  }
}
