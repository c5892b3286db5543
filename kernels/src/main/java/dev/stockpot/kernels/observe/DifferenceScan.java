package dev.stockpot.kernels.observe;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.KeptTally;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a tensor with that of a base, element by element. The inputs are the base, then the
 * tensor.
 *
 * @param tensor its name
 */
public record DifferenceScan(String tensor) implements Scan {
  private static final Viewpoint VIEW = new Viewpoint(2, 0, /* hasResult= */ false);

  private static final Sampling ALL = Sampling.all(0);

  /** What was seen of tensors, by name. Those of different tensors add up to both. */
  public record Differences(Map<String, Observation> tensors) implements Statistic {
    public Differences {
      tensors = Map.copyOf(tensors);
    }

    /**
     * What such scans found.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Differences of(Statistic found) {
      if (!(found instanceof Differences differences)) {
        throw new IllegalArgumentException("%s are no differences".formatted(found));
      }
      return differences;
    }

    @Override
    public Differences plus(Statistic next) {
      Map<String, Observation> both = new HashMap<>(tensors);
      of(next).tensors.forEach((name, more) -> both.merge(name, more, Observation::plus));
      return new Differences(both);
    }
  }

  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    Observer<V> observer = new Observer<>(kernels, VIEW, ALL);
    return new BlockScan() {
      @Override
      public void scan(Block block, List<Operand> inputs) {
        observer.observe(block, inputs, Optional.empty());
      }

      @Override
      public Differences found() {
        return new Differences(Map.of(tensor, observer.found(new KeptTally(VIEW.inputs()))));
      }
    };
  }
}
