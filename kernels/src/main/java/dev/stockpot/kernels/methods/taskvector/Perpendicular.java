package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A fine-tune, and of others what does not lie along it. */
final class Perpendicular implements MergeMethod {
  private static final Parameter<Double> WEIGHT =
      Parameter.optional("weight", MODEL, Range.Numbers.ANY, 1.0, "factor on what the model adds");

  @Override
  public String name() {
    return "perpendicular";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "the first task vector, and of the others what is perpendicular to it",
        "θ = θ₀ + w₁δ₁ + Σᵢ₌₂ wᵢ(δᵢ − cᵢδ₁), cᵢ = ⟨δ₁, δᵢ⟩ / ⟨δ₁, δ₁⟩, tensor by tensor",
        "Adds fine-tunes to a first one without weakening or doubling what they share with it. The order"
            + " counts: the first model is the one that is kept.",
        "sd-mecha 2024, perpendicular_component; Gram and Schmidt 1907",
        Cost.LOOK);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(WEIGHT);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN, 2, Arity.ANY);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    List<Integer> models = terms.besideBase();
    List<Double> weights =
        models.stream().map(model -> terms.models().get(model).get(WEIGHT)).toList();
    return new Unknown(terms.baseOf(name()), models, weights);
  }

  /** Before it is known how much of each lies along the first. */
  private record Unknown(int base, List<Integer> models, List<Double> weights)
      implements MergeProgram {
    @Override
    public Optional<Scan> scan() {
      return Optional.of(new Along(base, models));
    }

    @Override
    public MergeProgram knowing(Statistic found) {
      PartialSums products = (PartialSums) found;
      double square = products.total(0);
      double first = weights.get(0);
      List<Float> factors = new ArrayList<>();
      for (int i = 1; i < models.size(); i++) {
        first -= square == 0 ? 0 : weights.get(i) * (products.total(i) / square);
        factors.add(weights.get(i).floatValue());
      }
      factors.add(0, (float) first);
      return TaskVectorMerge.weightedSum(base, models, factors, 1);
    }

    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      throw new IllegalStateException("perpendicular opened before its scan");
    }
  }

  /** Products of the first task vector with each, itself first. */
  private record Along(int base, List<Integer> models) implements Scan {
    @Override
    public <V> BlockScan open(Kernels<V> kernels) {
      TaskVectors<V> taskVectors = new TaskVectors<>(kernels, base, models);
      PartialSums.Builder sums = new PartialSums.Builder(models.size());
      return new BlockScan() {
        @Override
        public void scan(Block block, List<Operand> inputs) {
          taskVectors.load(block, inputs);
          sums.begin(block);
          V first = taskVectors.vectors().get(0);
          for (int i = 0; i < models.size(); i++) {
            kernels.addProducts(first, taskVectors.vectors().get(i), sums.sum(i));
          }
        }

        @Override
        public Statistic found() {
          return sums.found();
        }
      };
    }
  }
}
