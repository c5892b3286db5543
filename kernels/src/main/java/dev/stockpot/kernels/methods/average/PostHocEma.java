package dev.stockpot.kernels.methods.average;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;
import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A running average of another length than those that were kept while a run trained, out of
 * snapshots of these.
 */
final class PostHocEma implements MergeMethod {
  /** Wider ones are no longer profiles of this kind; narrower ones are one checkpoint. */
  private static final Range.Numbers WIDTHS = new Range.Numbers(0.01, 0.28);

  private static final Range.Numbers STEPS = new Range.Numbers(1, 1e15);

  /** Of the profile, in the mean square: what the eye sees of a plot of both. */
  private static final double MOST_MISFIT = 0.05;

  /** How much larger than the models their parts may be, which cancel out. */
  private static final double MOST_WEIGHT = 10;

  private static final Parameter<Double> STEP =
      Parameter.required("step", MODEL, STEPS, "step of training at which the snapshot was taken");

  private static final Parameter<Double> WIDTH =
      Parameter.optional(
          "sigma_rel", MODEL, WIDTHS, 0.05, "relative width of the average that was kept");

  private static final Parameter<Double> TARGET =
      Parameter.required("target", MERGE, WIDTHS, "relative width of the average to be made");

  private static final Parameter<Double> AT =
      Parameter.optional(
          "at",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          0.0,
          "step at which it ends; 0: that of the newest snapshot");

  @Override
  public String name() {
    return "post_hoc_ema";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "running average of any length, of snapshots of others that a run kept",
        "θ = Σ wⱼθⱼ, Σ wⱼ = 1: w the least squares that make of p(s) = (γ+1) s^γ / t^(γ+1), the"
            + " profiles of the snapshots, that of the target;"
            + " σ_rel = √(γ+1) / ((γ+2) √(γ+3)), so 0.05 is γ = 16.97",
        "Runs that keep averages of powers of the step, for example of two lengths (0.05 and 0.1),"
            + " each saved some dozen times. Choose the length after the training, by a search over"
            + " target.",
        "Karras et al. 2024, Analyzing and improving the training dynamics of diffusion models,"
            + " arXiv:2312.02696",
        Cost.SUM);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(STEP, WIDTH, TARGET, AT);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, Arity.ANY);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    List<PowerProfile> kept = kept(terms);
    PowerProfile wanted = wanted(terms);
    double newest = newest(kept);
    if (wanted.step() > newest) {
      return Optional.of(
          "`at` is %s, and the newest snapshot is of step %s: nothing is known of later steps"
              .formatted(wanted.step(), newest));
    }
    return PowerProfile.fit(kept, wanted).isPresent()
        ? Optional.empty()
        : Optional.of(
            "snapshots of steps %s cannot be told apart: two have nearly the same `step` and `sigma_rel`; list one of them"
                .formatted(kept.stream().map(PowerProfile::step).toList()));
  }

  @Override
  public Optional<String> notice(TensorTerms terms) {
    PowerProfile wanted = wanted(terms);
    PowerProfile.Fit fit = fit(terms);
    double weight = fit.weights().stream().mapToDouble(Math::abs).sum();
    if (fit.misfit() > MOST_MISFIT) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "the profile of target %s at step %s is met up to %.0f %% of its size: snapshots of more steps or lengths come nearer",
              terms.merge().get(TARGET),
              wanted.step(),
              100 * fit.misfit()));
    }
    return weight > MOST_WEIGHT
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "weights of the snapshots add up to %.0f in size, so their rounding shows: keep snapshots in float32, or choose a target nearer to what was kept",
                weight))
        : Optional.empty();
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    return new WeightedSum(fit(terms).weights().stream().map(Double::floatValue).toList(), 1);
  }

  private static PowerProfile.Fit fit(TensorTerms terms) {
    return PowerProfile.fit(kept(terms), wanted(terms))
        .orElseThrow(() -> new IllegalArgumentException("snapshots cannot be told apart"));
  }

  private static List<PowerProfile> kept(TensorTerms terms) {
    List<PowerProfile> kept = new ArrayList<>();
    for (ParameterValues model : terms.models()) {
      kept.add(PowerProfile.ofWidth(model.get(STEP), model.get(WIDTH)));
    }
    return kept;
  }

  private static PowerProfile wanted(TensorTerms terms) {
    double at = terms.merge().get(AT);
    return PowerProfile.ofWidth(at == 0 ? newest(kept(terms)) : at, terms.merge().get(TARGET));
  }

  private static double newest(List<PowerProfile> kept) {
    return kept.stream().mapToDouble(PowerProfile::step).max().orElseThrow();
  }
}
