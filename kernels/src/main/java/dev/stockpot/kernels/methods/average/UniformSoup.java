package dev.stockpot.kernels.methods.average;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.Collections;
import java.util.List;

/** The plain average of models. */
final class UniformSoup implements MergeMethod {
  @Override
  public String name() {
    return "uniform_soup";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "plain average of the models",
        "θ = Σ θᵢ / N",
        "Fine-tunes of one base on one task with different seeds and settings, or the last checkpoints"
            + " of one run. As linear with equal weights, without writing them.",
        "Wortsman et al. 2022, Model soups, arXiv:2203.05482",
        Cost.SUM);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of();
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, Arity.ANY);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    int models = terms.models().size();
    return new WeightedSum(Collections.nCopies(models, 1f), models);
  }
}
