package dev.stockpot.kernels.methods.spectral;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.method.Range;
import java.util.List;
import java.util.Optional;

/** Steps behind any merge that has a base model: they change singular values of what it changed. */
public final class SpectralSteps {
  private static final Parameter<Double> ALPHA =
      Parameter.optional(
          "alpha",
          MERGE,
          new Range.Numbers(1e-6, Double.POSITIVE_INFINITY),
          1.0,
          "least that each model counts in a direction: with 1 directions only shrink, less lets those"
              + " grow in which the merge falls short");

  private static final Parameter<Double> BETA =
      Parameter.optional(
          "beta",
          MERGE,
          Range.Numbers.FRACTION,
          0.01,
          "share of the sum of all singular values from which on they are raised; 1 raises none");

  private static final PostStep SVC =
      new SpectralStep(
          "svc",
          new MethodCard(
              "scales down directions in which a merge goes further than its models",
              "Δ' = U·diag(γ·σ)·Vᵀ, Δ = θ − θ₀ = U·diag(σ)·Vᵀ, γᵣ = K / Σᵢ max(α, ⟨aᵣ, aᵣⁱ⟩ / ‖aᵣⁱ‖²),"
                  + " aᵣ = uᵣᵀΔ, aᵣⁱ = uᵣᵀδᵢ; tensors that are no matrices of layers stay",
              "Behind sums of task vectors that share directions, which they count several times."
                  + SpectralMethods.EVIDENCE_ALIKE,
              "Singular value calibration 2026, arXiv:2602.05536",
              Cost.SUM),
          List.of(ALPHA),
          terms -> Optional.of(new Calibration(terms.merge().get(ALPHA))));

  private static final PostStep BOOSTING =
      new SpectralStep(
          "subspace_boosting",
          new MethodCard(
              "raises the small singular values of what a merge changed",
              "Δ' = U·diag(max(σ, σₖ))·Vᵀ, k the first with σ₁ + … + σₖ ≥ β·Σσ;"
                  + " tensors that are no matrices of layers stay",
              "Behind sums of many task vectors, whose rank collapses." + SpectralMethods.EVIDENCE,
              "Skorobogat et al. 2025, Subspace-boosted model merging, arXiv:2506.16506",
              Cost.SUM),
          List.of(BETA),
          terms ->
              Optional.of(terms.merge().get(BETA)).filter(beta -> beta < 1).map(Boosting::new));

  /** In the order in which they are listed. */
  public static final List<PostStep> ALL = List.of(SVC, BOOSTING);

  private SpectralSteps() {}
}
