package dev.stockpot.kernels.methods.robust;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.List;

/**
 * The middle of the models element by element, which a few of them cannot move far: two published
 * rules that differ in how much of both ends they leave out.
 *
 * @param isTrimmed whether the recipe says how much; else it is all but the middle
 */
record CoordinateMean(String name, boolean isTrimmed, MethodCard card) implements MergeMethod {
  private static final Parameter<Double> TRIM =
      Parameter.optional(
          "trim",
          MERGE,
          new Range.Numbers(0, 0.5),
          0.2,
          "share of the models left out at either end");

  private static final String REFERENCE =
      "Yin et al. 2018, Byzantine-robust distributed learning, arXiv:1803.01498";

  static final CoordinateMean MEDIAN =
      new CoordinateMean(
          "median",
          false,
          new MethodCard(
              "the middle value of each element",
              "θ = the middle one of θ₁ … θ_N, element by element; of an even number the mean of"
                  + " the middle two",
              "Contributions that are not all to be trusted, or a few broken ones among many: up to"
                  + " half of the models can be anything.",
              REFERENCE,
              Cost.LOOK));

  static final CoordinateMean TRIMMED_MEAN =
      new CoordinateMean(
          "trimmed_mean",
          true,
          new MethodCard(
              "average of each element without its highest and lowest values",
              "θ = mean of θ₁ … θ_N without the ⌊trim·N⌋ lowest and as many highest, element by"
                  + " element",
              "As median, with more of an average: trim must not be below the share of models that"
                  + " may be bad. 0 is the plain average, 0.5 the median.",
              REFERENCE,
              Cost.LOOK));

  @Override
  public List<Parameter<?>> parameters() {
    return isTrimmed ? List.of(TRIM) : List.of();
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, Arity.ANY);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name, terms);
    int models = terms.models().size();
    int most = (models - 1) / 2; // one or two remain
    return new SortedMean(
        models, isTrimmed ? Math.min(most, trimmed(terms.merge().get(TRIM), models)) : most);
  }

  /**
   * A share that is a whole number of models but for rounding, such as 0.29 of 100, counts whole.
   */
  static int trimmed(double share, int models) {
    return (int) (share * models + 1e-9);
  }
}
