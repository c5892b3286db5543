package dev.stockpot.kernels.methods.statistics;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code Σ cᵢFᵢθᵢ / Σ cᵢFᵢ}, element by element. Each {@code cᵢFᵢ} is divided by the largest of
 * them first: they may be as small as float32 can be.
 *
 * @param sides places of the Fisher information of each model among the operands
 * @param weights of the models where all Fisher information is zero
 * @param factors the c of each model
 */
record FisherMerge(List<Integer> sides, List<Double> weights, List<Double> factors, Floor floor)
    implements MergeProgram {
  FisherMerge {
    sides = List.copyOf(sides);
    weights = List.copyOf(weights);
    factors = List.copyOf(factors);
    requireNonNull(floor, "floor is null");
  }

  /**
   * What Fisher information is not below.
   *
   * @param models how many it is for: the first ones
   */
  record Floor(float value, Fisher.FloorMode mode, int models) implements Serializable {
    boolean isOf(int model) {
      return value > 0 && model < models;
    }
  }

  FisherMerge with(List<Double> others) {
    return new FisherMerge(sides, weights, others, floor);
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    return new Merging<>(this, kernels);
  }

  private static final class Merging<V> implements BlockMerge {
    private final FisherMerge program;
    private final Kernels<V> kernels;
    private final int models;
    private final float[] factors;
    private final float[] weights;
    private final List<V> information;
    private final V largest;
    private final V model;
    private final V sum;
    private final V total;
    private final V mean;
    private float[] floors = new float[0];

    Merging(FisherMerge program, Kernels<V> kernels) {
      this.program = program;
      this.kernels = kernels;
      models = program.sides.size();
      factors = shares(program.factors, program.factors.stream().reduce(0.0, Math::max));
      weights = shares(program.weights, program.weights.stream().reduce(0.0, Double::sum));
      information = Stream.generate(kernels::vector).limit(models).toList();
      largest = kernels.vector();
      model = kernels.vector();
      sum = kernels.vector();
      total = kernels.vector();
      mean = kernels.vector();
    }

    private static float[] shares(List<Double> all, double whole) {
      float[] shares = new float[all.size()];
      for (int i = 0; i < shares.length; i++) {
        shares[i] = (float) (whole == 0 ? 0 : all.get(i) / whole);
      }
      return shares;
    }

    @Override
    public void merge(Block block, List<Operand> inputs, Operand output) {
      kernels.begin(block);
      for (int i = 0; i < models; i++) {
        V fisher = information.get(i);
        kernels.load(inputs.get(program.sides.get(i)), fisher);
        if (program.floor.isOf(i)) {
          raise(fisher, block);
        }
        kernels.scale(fisher, factors[i], fisher);
        if (i == 0) {
          kernels.scale(fisher, 1, largest);
        } else {
          kernels.max(largest, fisher, largest);
        }
      }
      kernels.zero(sum);
      kernels.zero(total);
      kernels.zero(mean);
      for (int i = 0; i < models; i++) {
        V share = information.get(i);
        kernels.divideUnlessZero(share, largest, share);
        kernels.load(inputs.get(i), model);
        kernels.add(total, share, total);
        kernels.multiply(share, model, share);
        kernels.add(sum, share, sum);
        kernels.scale(model, weights[i], model);
        kernels.add(mean, model, mean);
      }
      kernels.divideUnlessZero(sum, total, sum);
      // where all is zero the mean is left of the mean, and nothing elsewhere
      kernels.keepWhereNotZero(mean, largest, model);
      kernels.subtract(mean, model, mean);
      kernels.add(sum, mean, sum);
      kernels.store(sum, output);
    }

    private void raise(V fisher, Block block) {
      if (floors.length < block.count()) {
        floors = new float[block.count()];
        Arrays.fill(floors, program.floor.value());
      }
      kernels.load(floors, model);
      if (program.floor.mode() == Fisher.FloorMode.MAX) {
        kernels.max(fisher, model, fisher);
      } else {
        kernels.add(fisher, model, fisher);
      }
    }
  }
}
