package dev.stockpot.merge.methods;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.random.Numbers;
import java.util.List;
import java.util.Optional;

/** Makes every tensor of seeded numbers, whatever the models are. */
public final class Noise implements MergeMethod {
  @Override
  public String name() {
    return "noise";
  }

  @Override
  public MethodCard card() {
    return new MethodCard("numbers", "θ = U(−1, 1)", "A test.", "none", Cost.SUM);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of();
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, 1);
  }

  @Override
  public Optional<Numbers> numbers(TensorTerms terms) {
    return Optional.of(Numbers.uniform(terms.seed(), terms.tensor(), 1));
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    throw new IllegalStateException("nobody asks for it");
  }
}
