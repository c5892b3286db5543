package dev.stockpot.merge.predict;

/**
 * A column of what is written, behind the id.
 *
 * @param isOptional whether a cell may be empty
 */
public record OutputColumn(String name, Kind kind, boolean isOptional) {
  /** What is in a cell. */
  public enum Kind {
    WHOLE,
    NUMBER,
    NUMBERS,
    WHOLES
  }
}
