package dev.stockpot.kernels.methods.moments;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.BesideTensor;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.PostProgram;
import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * REPAIR: gives each channel of an average of two models the mean and the deviation that lie
 * between those of the two, folded into weights and biases. The average of channels that are not
 * wholly correlated varies less than they do, and layer by layer less of the signal is left.
 */
final class Repair implements PostStep {
  static final String NAME = "repair";
  private static final String MOMENTS = "act_mean_std";
  private static final String CROSS = "crossgram";

  /** Of each model. */
  static final BesideTensor MEANS = BesideTensor.ofModels(MOMENTS, "mean");

  static final BesideTensor SQUARES = BesideTensor.ofModels(MOMENTS, "m2");

  /** Of both models together: the sum of products, and what each model sums to beside it. */
  static final BesideTensor TOGETHER = BesideTensor.ofMerge(CROSS, "cross_diag");

  static final BesideTensor FIRST_SUM = BesideTensor.ofMerge(CROSS, "sum_a");
  static final BesideTensor SECOND_SUM = BesideTensor.ofMerge(CROSS, "sum_b");

  /** Of the merged model, in two stages. */
  static final BesideTensor MERGED_MEANS = BesideTensor.ofMerge(MOMENTS, "mean");

  static final BesideTensor MERGED_SQUARES = BesideTensor.ofMerge(MOMENTS, "m2");

  /** Without it there is nowhere to put a shift. */
  private static final BesideTensor BIAS = BesideTensor.sibling("bias");

  private static final Parameter<Double> MOST =
      Parameter.optional(
          "most",
          MERGE,
          new Range.Numbers(1, Double.POSITIVE_INFINITY),
          10.0,
          "largest factor on a channel: one of which nearly nothing is left stays small");

  private static final Parameter<Boolean> SKIP =
      Parameter.optional(
          "skip",
          MERGE,
          new Range.Flag(),
          false,
          "whether a layer stays as merged: by a filter, the last one, or others");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "gives channels of an average of two models the deviations that averaging took",
        "W' = a·W, b' = a·b + (1−a)·μ*, a = σ*/σ̂, μ* = Σ sᵢμᵢ, σ* = Σ sᵢσᵢ, σ̂² = Σᵢⱼ sᵢsⱼ·cov(i,j) by channel;"
            + " with moments of the merged model σ̂, μ̂ are those: b' = a·(b−μ̂) + μ*",
        "Behind linear or uniform_soup of two models that were trained apart and aligned, without batch norms: those are"
            + " measured anew instead. Layers without a bias, and heads, stay.",
        "Jordan et al. 2023, REPAIR, arXiv:2211.08403",
        Cost.SUM);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(MOST, SKIP);
  }

  @Override
  public boolean needsBase() {
    return false;
  }

  @Override
  public List<BesideTensor> beside() {
    return List.of(
        MEANS, SQUARES, TOGETHER, FIRST_SUM, SECOND_SUM, MERGED_MEANS, MERGED_SQUARES, BIAS);
  }

  @Override
  public String subject() {
    return "inner layer with a bias and with statistics";
  }

  @Override
  public String subjects() {
    return "inner layers with a bias and with statistics";
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    if (terms.tensor().endsWith("running_var")) {
      return Optional.of(
          "`repair` is for models without batch norms: measure their moments anew, or put `batch_norm` in its place");
    }
    if (terms.besideBase().size() != 2) {
      return Optional.of(
          "`repair` is for averages of two models, and there are %s"
              .formatted(terms.besideBase().size()));
    }
    if (!Shares.of(terms).areOfAverage()) {
      return Optional.of("`repair` is for averages, whose weights are not negative");
    }
    return MEANS.places(terms).stream()
        .map(place -> terms.factsAt(place).shape().elements())
        .filter(channels -> channels != channels(terms))
        .findFirst()
        .map(
            channels ->
                "`repair` finds statistics of %s channels where there are %s: make them of the models"
                    .formatted(channels, channels(terms)));
  }

  private static boolean areTold(TensorTerms terms, BesideTensor... wanted) {
    return Stream.of(wanted).allMatch(one -> one.places(terms).size() == 1);
  }

  /** What a layer puts out. */
  private static long channels(TensorTerms terms) {
    boolean areColumns = terms.factsAt(MEANS.places(terms).get(0)).isTransposed();
    return areColumns
        ? terms.shape().rowElements()
        : terms.shape().elements() / terms.shape().columns();
  }

  @Override
  public Optional<PostProgram> program(TensorTerms terms) {
    boolean isWeight = terms.tensor().endsWith(".weight") && terms.shape().dimensions().size() > 1;
    boolean isBias = terms.tensor().endsWith(".bias") && terms.shape().dimensions().size() == 1;
    boolean hasMoments =
        MEANS.places(terms).size() == 2
            && SQUARES.places(terms).size() == 2
            && (areTold(terms, TOGETHER, FIRST_SUM, SECOND_SUM)
                || areTold(terms, MERGED_MEANS, MERGED_SQUARES));
    boolean isWanted = !terms.merge().get(SKIP) && terms.role() == TensorRole.INNER;
    return isWanted && hasMoments && (isBias || (isWeight && !BIAS.places(terms).isEmpty()))
        ? Optional.of(RepairProgram.of(terms, isBias, terms.merge().get(MOST)))
        : Optional.empty();
  }
}
