package dev.stockpot.merge.structure;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A value of a configuration that follows the layers of a stack.
 *
 * @param path names joined by dots
 */
public record KeyEdit(String path, Change change) {
  /** What becomes of a value. */
  public sealed interface Change permits Whole, Wholes, Letters, Rearranged {}

  /** A whole number in its place. */
  public record Whole(int value) implements Change {}

  /** Whole numbers in its place. */
  public record Wholes(List<Integer> values) implements Change {
    public Wholes {
      values = List.copyOf(values);
    }
  }

  /** A text in its place. */
  public record Letters(String value) implements Change {
    public Letters {
      requireNonNull(value, "value is null");
    }
  }

  /**
   * The elements of the list that was there, in another order.
   *
   * @param origins for each element, the place of the one that it was
   */
  public record Rearranged(List<Integer> origins) implements Change {
    public Rearranged {
      origins = List.copyOf(origins);
    }
  }

  public KeyEdit {
    requireNonNull(path, "path is null");
    requireNonNull(change, "change is null");
  }
}
