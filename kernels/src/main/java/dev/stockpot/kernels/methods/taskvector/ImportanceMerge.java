package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.Statistic;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * The program of {@link ArceeFusion}. It first finds how far the rows of the two models diverge,
 * then the quartiles of importance, exactly and in two steps; then it merges.
 */
sealed interface ImportanceMerge extends MergeProgram {
  Inputs inputs();

  /**
   * The two models.
   *
   * @param base place of the base model among the inputs
   * @param row elements of each row
   */
  record Inputs(int base, int other, long row) implements Serializable {}

  @Override
  default long rowElements() {
    return inputs().row();
  }

  @Override
  default boolean takesRowsTogether() {
    return true;
  }

  @Override
  default <V> BlockMerge open(Kernels<V> kernels) {
    throw new IllegalStateException("arcee_fusion opened before its scans");
  }

  /** Knows nothing yet. */
  record Unmeasured(Inputs inputs) implements ImportanceMerge {
    @Override
    public Optional<Scan> scan() {
      return Optional.of(new DivergenceScan(inputs));
    }

    @Override
    public MergeProgram knowing(Statistic found) {
      List<Statistic> both = ((StatisticList) found).statistics();
      Counts importances = (Counts) both.get(1);
      long last = importances.total() - 1;
      return new Measured(
          inputs,
          ((RowValues) both.get(0)).values(),
          Quartile.of(importances, (long) (0.25 * last)),
          Quartile.of(importances, (long) (0.5 * last)),
          Quartile.of(importances, (long) (0.75 * last)));
    }
  }

  /**
   * What is known of one place in the order of importances.
   *
   * @param bin its upper 16 bits
   * @param rank its place, from the top, among those that share them
   */
  record Quartile(int bin, long rank) implements Serializable {

    /** The one with that many below it. */
    static Quartile of(Counts upperBits, long below) {
      long fromTop = upperBits.total() - below;
      Counts.Rank rank = upperBits.fromTop(fromTop);
      return new Quartile(rank.bin(), fromTop - rank.above());
    }

    float value(Counts lowerBits) {
      return Float.intBitsToFloat(bin << 16 | lowerBits.fromTop(rank).bin());
    }
  }

  /** Knows the divergence of every row, and roughly where the quartiles of importance are. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Measured(
      Inputs inputs, float[] divergences, Quartile first, Quartile median, Quartile third)
      implements ImportanceMerge {
    @Override
    public Optional<Scan> scan() {
      return Optional.of(
          new ImportanceScan(inputs, divergences, List.of(first.bin(), median.bin(), third.bin())));
    }

    @Override
    public MergeProgram knowing(Statistic found) {
      List<Statistic> counts = ((StatisticList) found).statistics();
      float low = first.value((Counts) counts.get(0));
      float middle = median.value((Counts) counts.get(1));
      float high = third.value((Counts) counts.get(2));
      return new Settled(inputs, divergences, middle + 1.5f * (high - low));
    }
  }

  /** Knows the least importance that counts. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Settled(Inputs inputs, float[] divergences, float threshold) implements ImportanceMerge {
    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      Importance<V> importance = new Importance<>(kernels, inputs);
      V important = kernels.vector();
      V change = importance.change();
      return (block, operands, output) -> {
        importance.load(block, operands);
        if (threshold > 0 || Float.isNaN(threshold)) { // at zero all are important
          importance.of(Importance.ofRows(block, divergences), important);
          kernels.keepFrom(important, threshold, important);
          kernels.keepWhereNotZero(change, important, change);
        }
        kernels.add(importance.origin(), change, change);
        kernels.store(change, output);
      };
    }
  }
}
