package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

/**
 * What a person reads to choose a merge method, and what an estimate of its time needs.
 *
 * @param summary one line
 * @param formula in the notation of the papers: θ₀ base, θᵢ models, δᵢ = θᵢ − θ₀, wᵢ weights
 * @param use when to reach for it
 * @param reference the paper or the specification
 * @param cost of the computing
 */
public record MethodCard(String summary, String formula, String use, String reference, Cost cost) {
  public MethodCard {
    requireNonNull(summary, "summary is null");
    requireNonNull(formula, "formula is null");
    requireNonNull(use, "use is null");
    requireNonNull(reference, "reference is null");
    requireNonNull(cost, "cost is null");
  }
}
