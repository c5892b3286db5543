package dev.stockpot.kernels.observe;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.statistic.KeptTally;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a tensor with that of a base, element by element, and merges nothing. It scans as if it
 * wanted a statistic of the model, so that small tensors of a model share a task.
 *
 * @param tensor its name
 */
public record DifferenceProgram(String tensor) implements MergeProgram {
  /** The inputs are the base, then the tensor. */
  private static final Viewpoint VIEW = new Viewpoint(2, 0, /* hasResult= */ false);

  private static final Sampling ALL = Sampling.all(0);

  /** What was seen of tensors, by name. */
  public record Differences(Map<String, Observation> tensors) implements Statistic {
    public Differences {
      tensors = Map.copyOf(tensors);
    }

    @Override
    public Differences plus(Statistic next) {
      Map<String, Observation> both = new HashMap<>(tensors);
      ((Differences) next)
          .tensors.forEach((name, more) -> both.merge(name, more, Observation::plus));
      return new Differences(both);
    }
  }

  /** The program of a tensor, once all were compared. */
  public record Compared(String tensor, Differences model) implements MergeProgram {
    /** What was seen of the tensor. */
    public Observation seen() {
      return model.tensors().get(tensor);
    }

    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      throw new IllegalStateException("%s is compared, not merged".formatted(tensor));
    }
  }

  @Override
  public Optional<Scan> scan() {
    return Optional.of(new Look(tensor));
  }

  @Override
  public ScanScope scanScope() {
    return ScanScope.MODEL;
  }

  @Override
  public Compared knowing(Statistic found) {
    return new Compared(tensor, (Differences) found);
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    throw new IllegalStateException("%s is still to be compared".formatted(tensor));
  }

  private record Look(String tensor) implements Scan {
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
}
