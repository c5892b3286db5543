package dev.stockpot.merge.methods;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.List;

/** Copies the first model, by a program that holds what cannot leave its JVM. */
public final class Homebody implements MergeMethod {
  /** Is not serializable. */
  private record Home(String name) {}

  @Override
  public String name() {
    return "homebody";
  }

  @Override
  public MethodCard card() {
    return new MethodCard("a copy", "θ = θ₁", "A test.", "none", Cost.SUM);
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
    return new Program(new Home(terms.tensor()));
  }

  private record Program(Home home) implements MergeProgram {
    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      V element = kernels.vector();
      return (block, inputs, output) -> {
        kernels.begin(block);
        kernels.load(inputs.get(0), element);
        kernels.store(element, output);
      };
    }
  }
}
