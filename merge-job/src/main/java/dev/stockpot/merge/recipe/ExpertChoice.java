package dev.stockpot.merge.recipe;

import java.util.List;

/**
 * Experts that are taken out of a mixture: one, which gives a dense model, or several, which give a
 * mixture again.
 *
 * @param experts their numbers in the mixture, in the order that they get
 * @param isDense whether the only one becomes a dense model
 * @param isShared whether that is the shared expert, which has no number
 * @param line where the recipe says it
 */
public record ExpertChoice(List<Integer> experts, boolean isDense, boolean isShared, int line) {
  public ExpertChoice {
    experts = List.copyOf(experts);
    if (isDense ? experts.size() != (isShared ? 0 : 1) : experts.isEmpty() || isShared) {
      throw new IllegalArgumentException("experts %s of a mixture".formatted(experts));
    }
  }
}
