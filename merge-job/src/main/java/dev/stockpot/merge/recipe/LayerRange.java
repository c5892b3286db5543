package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Consecutive layers of a model, {@code [begin, end)}, counted from 0. There may be none.
 *
 * @param stack which layers are counted, where the model has several kinds: {@code text}, {@code
 *     vision}, {@code encoder}, …
 */
public record LayerRange(int begin, int end, Optional<String> stack) {
  public LayerRange {
    requireNonNull(stack, "stack is null");
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("layers [%s, %s)".formatted(begin, end));
    }
  }

  /** Layers of a model that has one kind of them. */
  public LayerRange(int begin, int end) {
    this(begin, end, Optional.empty());
  }

  public int length() {
    return end - begin;
  }
}
