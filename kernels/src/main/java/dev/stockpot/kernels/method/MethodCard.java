package dev.stockpot.kernels.method;

/**
 * What a person reads to choose a merge method.
 *
 * @param summary one line
 * @param formula in the notation of the papers: θ₀ base, θᵢ models, δᵢ = θᵢ − θ₀, wᵢ weights
 * @param use when to reach for it
 * @param reference the paper or the specification
 */
public record MethodCard(String summary, String formula, String use, String reference) {}
