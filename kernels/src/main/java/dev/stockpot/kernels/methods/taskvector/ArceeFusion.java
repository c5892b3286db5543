package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.List;

/** The changes that matter most, by how much they change what a row attends to. */
final class ArceeFusion implements MergeMethod {
  @Override
  public String name() {
    return "arcee_fusion";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "the most important changes of one model, taken over into another",
        "θ = θ₀ + δ[I ≥ median(I) + 1.5·(Q₃(I) − Q₁(I))], δ = θ₁ − θ₀, I = |δ|·KL(p‖q) of each row,"
            + " p = softmax(θ₁ row) + 1e-8, q = softmax(θ₀ row) + 1e-8",
        "One fine-tune of a base of which only what stands out is wanted, typically a tenth of its"
            + " changes. There are no parameters.",
        "Arcee AI 2024, Arcee Fusion, as in mergekit",
        Cost.LOOKS);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of();
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ONE_OF_THEM, 2, 2);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    int base = terms.baseOf(name());
    return new ImportanceMerge.Unmeasured(
        new ImportanceMerge.Inputs(base, 1 - base, terms.shape().rowElements()));
  }
}
