package dev.stockpot.merge.methods;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.SideOutput;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.number.DType;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Adds each model's elements times a statistic of them, and keeps the sum of the statistics beside.
 */
public final class WeightedSum implements MergeMethod {
  static final SideInput WEIGHTS =
      SideInput.required(
          "element_weight", Parameter.Scope.MODEL, Set.of(DType.F32), "a weight of each element");
  static final SideInput PRIOR =
      SideInput.optional("prior", Parameter.Scope.MERGE, Set.of(DType.F32), "added to the sum");

  @Override
  public String name() {
    return "weighted_elements";
  }

  @Override
  public MethodCard card() {
    return new MethodCard("a sum", "θ = Σ fᵢ · θᵢ", "A test.", "none", Cost.SUM);
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
  public List<SideInput> sideInputs() {
    return List.of(WEIGHTS, PRIOR);
  }

  @Override
  public List<SideOutput> sideOutputs() {
    return List.of(new SideOutput("total", DType.F32, "the sum of the weights"));
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    List<Integer> weights =
        IntStream.range(0, terms.models().size())
            .mapToObj(model -> terms.sideOf(WEIGHTS, model).orElseThrow())
            .toList();
    return new Program(weights, terms.sideOf(PRIOR).stream().boxed().toList());
  }

  private record Program(List<Integer> weights, List<Integer> priors) implements MergeProgram {
    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      V weight = kernels.vector();
      V element = kernels.vector();
      V sum = kernels.vector();
      V total = kernels.vector();
      return BlockMerge.intoSeveral(
          (block, inputs, outputs) -> {
            kernels.begin(block);
            kernels.zero(sum);
            kernels.zero(total);
            for (int model = 0; model < weights.size(); model++) {
              kernels.load(inputs.get(model), element);
              kernels.load(inputs.get(weights.get(model)), weight);
              kernels.add(total, weight, total);
              kernels.multiply(element, weight, element);
              kernels.add(sum, element, sum);
            }
            for (int prior : priors) {
              kernels.load(inputs.get(prior), element);
              kernels.add(sum, element, sum);
            }
            kernels.store(sum, outputs.get(0));
            kernels.store(total, outputs.get(1));
          });
    }
  }
}
