package dev.stockpot.merge.predict;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * How columns of tables are called, where somebody said it.
 *
 * @param id names examples
 * @param label of the class that is right
 * @param scores one column of lists, or a column for each class; empty: what is left
 * @param scale of the scores; without it, the name of a column of lists says it
 */
public record Columns(
    String id, Optional<String> label, List<String> scores, Optional<Scale> scale) {
  /** As most tables have it. */
  public static final Columns USUAL =
      new Columns("id", Optional.empty(), List.of(), Optional.empty());

  public Columns {
    requireNonNull(id, "id is null");
    requireNonNull(label, "label is null");
    requireNonNull(scale, "scale is null");
    scores = List.copyOf(scores);
  }
}
