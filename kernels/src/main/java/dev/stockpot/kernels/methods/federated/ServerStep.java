package dev.stockpot.kernels.methods.federated;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.random.Numbers;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * One step of a server, element by element in float64 and rounded once. Sums carry their own
 * rounding errors along, so that the order of clients does not show.
 *
 * @param base place of the server's model among the inputs
 * @param inputs places of what the mean is made of: clients, and the server's model where their
 *     shares are less than all
 * @param shares of these in the mean
 * @param noise that is added to the mean; mostly none
 * @param memory what the server remembers
 */
record ServerStep(
    ServerRule rule,
    int base,
    List<Integer> inputs,
    List<Double> shares,
    List<Noise> noise,
    Memory memory)
    implements MergeProgram {

  /**
   * What is remembered of rounds before.
   *
   * @param places of m and v; none in a first round
   * @param first what v begins with
   */
  record Memory(List<Integer> places, double first, ServerRule.Numbers numbers)
      implements Serializable {
    static final Memory NONE = new Memory(List.of(), 0, ServerRule.Numbers.NONE);

    Memory {
      places = List.copyOf(places);
    }
  }

  ServerStep {
    requireNonNull(rule, "rule is null");
    requireNonNull(memory, "memory is null");
    noise = List.copyOf(noise);
    inputs = List.copyOf(inputs);
    shares = List.copyOf(shares);
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    V vector = kernels.vector();
    Scratch scratch = new Scratch();
    if (rule.states() == 0) {
      return (block, operands, output) ->
          step(block, operands, List.of(output), kernels, vector, scratch);
    }
    return BlockMerge.intoSeveral(
        (block, operands, outputs) -> step(block, operands, outputs, kernels, vector, scratch));
  }

  /** What a block is worked out in, for one after the other. */
  private final class Scratch {
    double[] sum = {};
    double[] lost = {};
    float[] drawn = {};
    float[][] made = new float[1 + rule.states()][0];

    /** As long as a block: a vector is loaded from all of an array. */
    void fit(int count) {
      if (sum.length != count) {
        sum = new double[count];
        lost = new double[count];
        drawn = new float[count];
        made = new float[made.length][count];
      }
    }
  }

  private <V> void step(
      Block block,
      List<Operand> operands,
      List<Operand> outputs,
      Kernels<V> kernels,
      V vector,
      Scratch scratch) {
    int count = block.count();
    scratch.fit(count);
    double[] mean = mean(block, operands, scratch);
    float[][] made = scratch.made;
    double[] state = new double[rule.states()];
    Operand server = operands.get(base);
    List<Operand> remembered = memory.places().stream().map(operands::get).toList();
    for (int i = 0; i < count; i++) {
      int at = block.offset() + i;
      for (int k = 0; k < state.length; k++) {
        state[k] = remembered.isEmpty() ? k * memory.first() : remembered.get(k).at(at);
      }
      made[0][i] = (float) rule.step(server.at(at), mean[i], state, memory.numbers());
      for (int k = 0; k < state.length; k++) {
        made[1 + k][i] = (float) state[k];
      }
    }
    kernels.begin(block);
    for (int k = 0; k < made.length; k++) {
      kernels.load(made[k], vector);
      kernels.store(vector, outputs.get(k));
    }
  }

  /** The mean: a sum, and the sum of what rounding took from it. */
  private double[] mean(Block block, List<Operand> operands, Scratch scratch) {
    double[] sum = scratch.sum;
    double[] lost = scratch.lost;
    Arrays.fill(sum, 0);
    Arrays.fill(lost, 0);
    for (int k = 0; k < inputs.size(); k++) {
      Operand operand = operands.get(inputs.get(k));
      double share = shares.get(k);
      for (int i = 0; i < sum.length; i++) {
        double part = share * operand.at(block.offset() + i);
        double next = sum[i] + part;
        double taken = next - sum[i];
        lost[i] += (sum[i] - (next - taken)) + (part - taken);
        sum[i] = next;
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] += lost[i];
    }
    for (Noise some : noise) {
      some.numbers().fill(block.firstElement(), scratch.drawn);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += scratch.drawn[i];
      }
    }
    return sum;
  }

  /** Noise of one tensor in one round. */
  record Noise(Numbers numbers) implements Serializable {}
}
