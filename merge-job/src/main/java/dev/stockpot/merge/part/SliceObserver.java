package dev.stockpot.merge.part;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import dev.stockpot.kernels.observe.Observation;
import dev.stockpot.kernels.observe.Observer;
import dev.stockpot.kernels.observe.Observer.Viewpoint;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.statistic.KeptTally;
import dev.stockpot.merge.plan.Blockwise;
import dev.stockpot.merge.plan.TensorWork;
import dev.stockpot.merge.plan.Viewed;
import java.util.List;
import java.util.Optional;

/** Observes the merge of one slice, if that is wanted. */
interface SliceObserver extends AutoCloseable {
  /** What is to count what drops leave. */
  Optional<KeptTally> kept();

  /** Looks at a chunk that was merged. */
  void observe(Block chunk, List<Operand> inputs, Operand result);

  /** What was seen, after the last chunk. */
  Optional<Observation> found();

  @Override
  void close();

  static SliceObserver of(Blockwise work, PartSettings settings) {
    int origin = work.hasOrigin() ? work.origin() : Blockwise.NO_ORIGIN;
    int row = Math.toIntExact(work.program().rowElements());
    return settings.observes()
        ? new Looking(work, new Viewed(work.models().size(), origin), row)
        : new Blind();
  }

  /** For a tensor that is made whole. */
  static SliceObserver of(TensorWork work, Viewed viewed, PartSettings settings) {
    return settings.observes() && viewed.models() > 0
        ? new Looking(work, viewed, work.rows().elements())
        : new Blind();
  }

  /** One that sees nothing. */
  final class Blind implements SliceObserver {
    @Override
    public Optional<KeptTally> kept() {
      return Optional.empty();
    }

    @Override
    public void observe(Block chunk, List<Operand> inputs, Operand result) {}

    @Override
    public Optional<Observation> found() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  /**
   * One with kernels of its own. They are plain loops, whoever merges: what is seen is the same,
   * and for the few elements of a sample the compiler's work on lanes would cost more than the
   * looking.
   */
  final class Looking implements SliceObserver {
    private final Kernels<?> kernels;
    private final Observer<?> observer;
    private final KeptTally kept;

    Looking(TensorWork work, Viewed viewed, int row) {
      int inputs = viewed.models();
      int base = viewed.hasOrigin() ? viewed.origin() : Viewpoint.NO_BASE;
      Sampling sampling = Sampling.of(work.shape().elements(), row, inputs);
      kernels = new ScalarProvider().open(row);
      observer =
          new Observer<>(kernels, new Viewpoint(inputs, base, /* hasResult= */ true), sampling);
      kept = new KeptTally(inputs);
    }

    @Override
    public Optional<KeptTally> kept() {
      return Optional.of(kept);
    }

    @Override
    public void observe(Block chunk, List<Operand> inputs, Operand result) {
      observer.observe(chunk, inputs, Optional.of(result));
    }

    @Override
    public Optional<Observation> found() {
      return Optional.of(observer.found(kept));
    }

    @Override
    public void close() {
      kernels.close();
    }
  }
}
