package dev.stockpot.kernels.methods.average;

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
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.SideOutput;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.number.DType;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * An average that goes on from night to night: it reads the new checkpoint and what it remembers,
 * and none of those before. What it remembers is float32, whatever type it writes: steps of a
 * thousandth vanish in bfloat16.
 */
final class RunningAverage implements MergeMethod {
  private static final Parameter<Double> DECAY =
      Parameter.optional(
          "decay",
          MERGE,
          Range.Numbers.FRACTION,
          0.999,
          "share of the average that stays with each step of training (β)");

  private static final Parameter<Double> STEPS =
      Parameter.optional(
          "steps",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          1.0,
          "steps of training since the checkpoint before: β to that power stays");

  private static final SideInput AVERAGE =
      SideInput.optional("ema", MERGE, Set.of(DType.F32), "the average of the round before");

  @Override
  public String name() {
    return "ema";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "running average of the checkpoints of one run, one more each round",
        "θ = a, a ← β^s a + (1 − β^s) θ₁; in a first round a = θ₁",
        "A run that goes on: each night adds its checkpoint, and reads no earlier one. The base"
            + " model is last night's result. Of checkpoints that are all there,"
            + " checkpoint_average makes the same at once.",
        "Polyak and Juditsky 1992; Izmailov et al. 2018, arXiv:1803.05407",
        Cost.SUM);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(DECAY, STEPS);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, 1);
  }

  @Override
  public boolean isRound() {
    return true;
  }

  @Override
  public List<SideInput> sideInputs() {
    return List.of(AVERAGE);
  }

  @Override
  public List<SideOutput> sideOutputs() {
    return List.of(new SideOutput("ema", DType.F32, "the average, for the round that comes"));
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    double stays = StrictMath.pow(terms.merge().get(DECAY), terms.merge().get(STEPS));
    OptionalInt before = terms.sideOf(AVERAGE);
    return before.isEmpty()
        ? new Program(List.of(0), List.of(1f))
        : new Program(List.of(before.getAsInt(), 0), List.of((float) stays, (float) (1 - stays)));
  }

  /** A weighted sum, which is written twice. */
  private record Program(List<Integer> inputs, List<Float> weights) implements MergeProgram {
    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      V sum = kernels.vector();
      return BlockMerge.intoSeveral(
          (block, operands, outputs) -> {
            kernels.begin(block);
            kernels.load(operands.get(inputs.get(0)), sum);
            kernels.scale(sum, weights.get(0), sum);
            for (int i = 1; i < inputs.size(); i++) {
              kernels.addScaled(operands.get(inputs.get(i)), weights.get(i), sum);
            }
            outputs.forEach(output -> kernels.store(sum, output));
          });
    }
  }
}
