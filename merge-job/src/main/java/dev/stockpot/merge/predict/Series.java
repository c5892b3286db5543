package dev.stockpot.merge.predict;

import static java.util.Objects.requireNonNull;

/**
 * Predictions that are measured: of one model, or of several together.
 *
 * @param name as tables and pages show it
 */
record Series(String name, Combination combination) implements java.io.Serializable {
  Series {
    requireNonNull(name, "name is null");
    requireNonNull(combination, "combination is null");
  }
}
