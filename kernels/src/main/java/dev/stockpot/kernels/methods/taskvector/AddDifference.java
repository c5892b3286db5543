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
import java.util.OptionalInt;

/** A model, and on top of it what two others differ by. */
final class AddDifference implements MergeMethod {
  private static final Parameter<Double> ALPHA =
      Parameter.optional("alpha", MERGE, Range.Numbers.ANY, 1.0, "factor on the difference");

  @Override
  public String name() {
    return "add_difference";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "one model, and on top of it what two others differ by",
        "θ = θ₁ + alpha·(θ₂ − θ₃), in the order in which the models are listed",
        "Brings what a fine-tune θ₂ of θ₃ has learned to another model θ₁ of that family, such as an"
            + " inpainting or instruct variant. Where θ₂ and θ₃ are equal θ₁ stays as it is, bit for bit.",
        "AUTOMATIC1111 stable-diffusion-webui 2022, checkpoint merger; as task arithmetic,"
            + " arXiv:2212.04089",
        Cost.SUM);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(ALPHA);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 3, 3);
  }

  @Override
  public OptionalInt alone(TensorTerms terms) {
    return terms.merge().get(ALPHA) == 0 ? OptionalInt.of(0) : OptionalInt.empty();
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    return new Program(terms.merge().get(ALPHA).floatValue());
  }

  private record Program(float alpha) implements MergeProgram {
    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      V third = kernels.vector();
      V difference = kernels.vector();
      V sum = kernels.vector();
      return (block, inputs, output) -> {
        kernels.begin(block);
        kernels.load(inputs.get(0), sum);
        if (alpha != 0) {
          kernels.load(inputs.get(2), third);
          kernels.loadDifference(inputs.get(1), third, difference);
          kernels.scale(difference, alpha, difference);
          kernels.add(sum, difference, sum);
        }
        kernels.store(sum, output);
      };
    }
  }
}
