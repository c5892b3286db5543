package dev.stockpot.kernels.method;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.statistic.KeptTally;
import dev.stockpot.kernels.statistic.Statistic;
import java.io.Serializable;
import java.util.Optional;

/**
 * The merge of one tensor, ready to run on any slice of it. A program that depends on the whole
 * tensor first asks for a scan; given what the scan found it becomes a program that asks for less,
 * until it asks for nothing and can merge. The same steps are taken whether one task holds the
 * whole tensor or many hold a slice each, which is why both give the same bytes.
 */
public interface MergeProgram extends Serializable {

  /**
   * Elements of each row, if it merges row by row: slices are then cut between rows, and so are
   * blocks, for its scans too. 0 if rows do not matter. It stays the same whatever scans find.
   */
  default long rowElements() {
    return 0;
  }

  /**
   * Whether a block may hold several whole rows all the same: they matter only to operations that
   * know of them.
   */
  default boolean takesRowsTogether() {
    return false;
  }

  /** Its rows. */
  default Rows rows() {
    return new Rows(Math.toIntExact(rowElements()), takesRowsTogether());
  }

  /** The statistic without which this program cannot merge. */
  default Optional<Scan> scan() {
    return Optional.empty();
  }

  /** Over which tensors the statistic is added up, in the tensors' order. */
  default ScanScope scanScope() {
    return ScanScope.TENSOR;
  }

  /** This program, knowing what its {@link #scan()} found in its {@link #scanScope()}. */
  default MergeProgram knowing(Statistic found) {
    throw new IllegalStateException("%s asked for no scan".formatted(this));
  }

  /** What it decided about whole models, once it knows them; most programs decide nothing. */
  default Optional<Judgement> judgement() {
    return Optional.empty();
  }

  /**
   * Borrows the vectors it works with.
   *
   * @throws IllegalStateException if a scan is still wanted
   */
  <V> BlockMerge open(Kernels<V> kernels);

  /**
   * As {@link #open(Kernels)}, for somebody who wants to know what drops leave of each task vector.
   * A program without drops tells nothing.
   */
  default <V> BlockMerge open(Kernels<V> kernels, KeptTally kept) {
    return open(kernels);
  }
}
