package dev.stockpot.kernels.observe;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.KeptTally;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Scan;
import java.util.List;
import java.util.Optional;

/** Observes inputs without merging them. */
public record ObservationScan(Viewpoint view, Sampling sampling) implements Scan {
  public ObservationScan {
    if (view.hasResult()) {
      throw new IllegalArgumentException("a scan has no result to observe");
    }
  }

  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    Observer<V> observer = new Observer<>(kernels, view, sampling);
    return new BlockScan() {
      @Override
      public void scan(Block block, List<Operand> inputs) {
        observer.observe(block, inputs, Optional.empty());
      }

      @Override
      public Observation found() {
        return observer.found(new KeptTally(view.inputs()));
      }
    };
  }
}
