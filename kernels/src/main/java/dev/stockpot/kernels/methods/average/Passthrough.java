package dev.stockpot.kernels.methods.average;

import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.List;

/** One model's tensors as they are, or scaled: stacks of layers, frankenmerges. */
final class Passthrough implements MergeMethod {
  private static final Parameter<Double> SCALE =
      Parameter.optional(
          "scale", MODEL, Range.Numbers.ANY, 1.0, "factor on the tensor; 1 copies its bytes");

  @Override
  public String name() {
    return "passthrough";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "layers of one or several models, stacked as they are",
        "θ = scale · θ₁",
        "Frankenmerges and depth up-scaling, with slices. A scale of 0 on o_proj and down_proj makes a"
            + " copied layer pass its input on unchanged. Stacks lose quality until they are trained on.",
        "Kim et al. 2023, SOLAR 10.7B, arXiv:2312.15166",
        Cost.LOOK);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(SCALE);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, 1);
  }

  @Override
  public boolean keepsBytes(TensorTerms terms) {
    return terms.models().get(0).get(SCALE) == 1;
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    return new WeightedSum(List.of(terms.models().get(0).get(SCALE).floatValue()), 1);
  }
}
