package dev.stockpot.merge.predict;

import java.io.Serializable;
import java.util.List;

/**
 * What is joined: a table of each model, and behind them perhaps one of labels alone.
 *
 * @param scales of the models' scores, in their order
 * @param masks whether a model may say nothing of an example
 */
public record Tables(List<Scale> scales, int classes, boolean masks) implements Serializable {
  public Tables {
    scales = List.copyOf(scales);
    if (scales.isEmpty() || classes < 2) {
      throw new IllegalArgumentException(
          "%s models of %s classes".formatted(scales.size(), classes));
    }
  }

  public int models() {
    return scales.size();
  }

  /** Models and the table of labels. */
  int all() {
    return models() + 1;
  }
}
