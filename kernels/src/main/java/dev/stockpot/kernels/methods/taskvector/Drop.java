package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RankedDrop;
import dev.stockpot.kernels.statistic.Statistic;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * Which elements of one task vector become zero. Some drops depend on the whole tensor and are
 * {@linkplain #isSettled() settled} only after one or more scans.
 */
sealed interface Drop extends Serializable
    permits Drop.Settled, SelectLargest, SelectNear, SelectBand {

  default boolean isSettled() {
    return this instanceof Settled;
  }

  /** Elements of the rows that it has to see whole; 0 if rows do not matter. */
  default long rowElements() {
    return 0;
  }

  /** A drop that can be applied. */
  sealed interface Settled extends Drop
      permits KeepAll, DropAll, Random, Ranked, From, Largest, Band {
    /** Applies it to blocks that come in order. */
    <V> BlockDrop<V> open(Kernels<V> kernels);
  }

  /** A drop that has to look at the whole task vector first. */
  interface Unsettled extends Serializable {
    <V> BlockLook<V> look(Kernels<V> kernels);

    /** What it looks at, if not at all elements. */
    default Optional<Sampling> sampling() {
      return Optional.empty();
    }

    /** What all of several look at; nothing, if one of them looks at all elements. */
    static Optional<Sampling> samplingOf(List<Unsettled> drops) {
      List<Optional<Sampling>> all = drops.stream().map(Unsettled::sampling).distinct().toList();
      return all.size() == 1 ? all.get(0) : Optional.empty();
    }

    /** Whether it is the task vector of the whole model that is to be looked at. */
    default boolean looksAtModel() {
      return false;
    }

    Drop knowing(Statistic found);
  }

  /** A {@link Settled} drop at work. */
  @FunctionalInterface
  interface BlockDrop<V> {
    void apply(Block block, V taskVector);
  }

  /** An {@link Unsettled} drop at work. */
  interface BlockLook<V> {
    void look(Block block, V taskVector);

    Statistic found();
  }

  /** Nothing is dropped. */
  enum KeepAll implements Settled {
    INSTANCE;

    @Override
    public <V> BlockDrop<V> open(Kernels<V> kernels) {
      return (block, taskVector) -> {};
    }
  }

  /** Everything is dropped: the density leaves not even one element. */
  enum DropAll implements Settled {
    INSTANCE;

    @Override
    public <V> BlockDrop<V> open(Kernels<V> kernels) {
      return (block, taskVector) -> kernels.zero(taskVector);
    }
  }

  /** Elements are dropped by lot. */
  record Random(RandomDrop drop) implements Settled {
    @Override
    public <V> BlockDrop<V> open(Kernels<V> kernels) {
      return (block, taskVector) -> kernels.keepAtRandom(taskVector, drop, taskVector);
    }
  }

  /** Elements are dropped by lot, small ones of a row rather than large ones. */
  record Ranked(RankedDrop drop, long rowElements) implements Settled {
    @Override
    public long rowElements() {
      return rowElements;
    }

    @Override
    public <V> BlockDrop<V> open(Kernels<V> kernels) {
      return (block, taskVector) -> kernels.keepAtRandomByRank(taskVector, drop, taskVector);
    }
  }

  /** All magnitudes below the threshold are dropped. */
  record From(float threshold) implements Settled {
    @Override
    public <V> BlockDrop<V> open(Kernels<V> kernels) {
      return (block, taskVector) -> kernels.keepFrom(taskVector, threshold, taskVector);
    }
  }

  /**
   * All magnitudes below the threshold are dropped, and some of those equal to it by lot.
   *
   * @param ofEqual which of them stay
   */
  record Largest(float threshold, RandomDrop ofEqual) implements Settled {
    @Override
    public <V> BlockDrop<V> open(Kernels<V> kernels) {
      return (block, taskVector) -> kernels.keepLargest(taskVector, threshold, ofEqual, taskVector);
    }
  }

  /**
   * All is dropped but what one drop keeps and another, of the same order and draws, does not. The
   * difference of both leaves a NaN or an infinity among the outliers visible.
   */
  record Band(Settled outliers, Settled kept) implements Settled {
    @Override
    public <V> BlockDrop<V> open(Kernels<V> kernels) {
      BlockDrop<V> outlierDrop = outliers.open(kernels);
      BlockDrop<V> keptDrop = kept.open(kernels);
      V negative = kernels.vector();
      return (block, taskVector) -> {
        kernels.scale(taskVector, -1, negative);
        outlierDrop.apply(block, negative);
        keptDrop.apply(block, taskVector);
        kernels.add(taskVector, negative, taskVector);
      };
    }
  }
}
