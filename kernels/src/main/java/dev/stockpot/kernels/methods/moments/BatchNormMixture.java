package dev.stockpot.kernels.methods.moments;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.method.BesideTensor;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.PostProgram;
import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Variances of batch norms as those of a mixture: what the models' inputs have in common, were they
 * one set. The mean of variances leaves out how far the means are from each other.
 */
final class BatchNormMixture implements PostStep {
  private static final String NAME = "batch_norm";
  private static final String VARIANCE = ".running_var";
  private static final BesideTensor MEANS = BesideTensor.sibling("running_mean");

  private static final Parameter<Boolean> SKIP =
      Parameter.optional(
          "skip",
          MERGE,
          new Range.Flag(),
          false,
          "whether a variance stays as merged: by a filter, those that are to be left out");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "gives batch norms the variance of what all models saw together",
        "σ² = Σ sᵢ(σᵢ² + μᵢ²) − (Σ sᵢμᵢ)², of running_var and running_mean; all else stays",
        "Behind linear or uniform_soup of models with batch norms, where there is no data to measure their moments anew,"
            + " which is better: `stockpot-tools batch-norm`.",
        "Law of total variance; Jordan et al. 2023, arXiv:2211.08403, for measuring anew",
        Cost.SUM);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(SKIP);
  }

  @Override
  public boolean needsBase() {
    return false;
  }

  @Override
  public List<BesideTensor> beside() {
    return List.of(MEANS);
  }

  @Override
  public String subject() {
    return "running variance with a mean beside it";
  }

  @Override
  public String subjects() {
    return "running variances";
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    return Shares.of(terms).areOfAverage()
        ? Optional.empty()
        : Optional.of("`batch_norm` is for averages, whose weights are not negative");
  }

  @Override
  public Optional<PostProgram> program(TensorTerms terms) {
    List<Integer> means = MEANS.places(terms);
    boolean isWanted = terms.tensor().endsWith(VARIANCE) && !terms.merge().get(SKIP);
    return isWanted && means.size() == terms.besideBase().size()
        ? Optional.of(new Program(terms.shape(), Shares.of(terms), means))
        : Optional.empty();
  }

  /**
   * The step for one variance.
   *
   * @param means places of the models' means among the operands
   */
  private record Program(Shape shape, Shares shares, List<Integer> means) implements PostProgram {
    @Override
    public Demand demand() {
      return Demand.matrix(1, shape.elements()).each(2);
    }

    @Override
    public void change(Matrices algebra, List<WholeTensor> all, WholeTensor merged) {
      double[] elements = Shares.elements(merged);
      shares.require(NAME, all, elements);
      for (int channel = 0; channel < elements.length; channel++) {
        double mean = 0;
        for (int model = 0; model < means.size(); model++) {
          mean += shares.of(model) * all.get(means.get(model)).at(channel);
        }
        for (int model = 0; model < means.size(); model++) {
          double apart = all.get(means.get(model)).at(channel) - mean;
          elements[channel] += shares.of(model) * apart * apart;
        }
      }
      Shares.write(algebra, elements, merged);
    }
  }
}
