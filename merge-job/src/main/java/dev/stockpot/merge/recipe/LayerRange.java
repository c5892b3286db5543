package dev.stockpot.merge.recipe;

/** Consecutive layers of a model, {@code [begin, end)}, counted from 0. */
public record LayerRange(int begin, int end) {
  public LayerRange {
    if (begin < 0 || end <= begin) {
      throw new IllegalArgumentException("layers [%s, %s)".formatted(begin, end));
    }
  }

  public int length() {
    return end - begin;
  }
}
