package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.List;

/** The base, moved towards another model by a little at most. */
final class Nearswap implements MergeMethod {
  private static final Parameter<Double> T =
      Parameter.required(
          "t", MERGE, Range.Numbers.NOT_NEGATIVE, "most that an element of the base moves");

  @Override
  public String name() {
    return "nearswap";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "the base, each element moved towards another model by t at most",
        "θ = θ₀ + w·(θ₁ − θ₀), w = min(1, t / |θ₁ − θ₀|): all of a difference up to t, and t of a"
            + " larger one",
        "A touch of a second model where the two are near each other anyway. t has the size of a"
            + " weight's difference: 0.0001 to 0.001.",
        "Alchemonaut 2024, QuartetAnemoi-70B-t0.0001; mergekit 0.1.4, method nearswap",
        Cost.LOOK);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(T);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN, 1, 1);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    int base = terms.baseOf(name());
    return new Step(base, terms.besideBase().get(0), terms.merge().get(T).floatValue());
  }

  private record Step(int base, int other, float most) implements MergeProgram {
    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      V origin = kernels.vector();
      V step = kernels.vector();
      return (block, inputs, output) -> {
        kernels.begin(block);
        kernels.load(inputs.get(base), origin);
        kernels.loadDifference(inputs.get(other), origin, step);
        kernels.limit(step, most, step);
        kernels.add(origin, step, step);
        kernels.store(step, output);
      };
    }
  }
}
