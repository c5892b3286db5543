package dev.stockpot.merge.run;

import dev.stockpot.merge.commit.Leftovers;

/**
 * Hears of a merge while it goes on, always on the thread that asked for it. Every event may be
 * ignored. What a listener throws ends the merge.
 *
 * <pre>{@code
 * import dev.stockpot.merge.run.MergeListener;
 *
 * final class Percent implements MergeListener {
 *   private long told;
 *
 *   public void progressed(long bytes, long of) {
 *     long percent = of == 0 ? 100 : 100 * bytes / of;
 *     if (percent >= told + 10) {
 *       told = percent;
 *       System.err.println(percent + " %");
 *     }
 *   }
 *
 *   public void noticed(String notice) {
 *     System.err.println("Note: " + notice);
 *   }
 * }
 * }</pre>
 */
public interface MergeListener {
  /** Ignores everything. */
  MergeListener SILENT = new MergeListener() {};

  /** Models are open, and everything that can be checked before a tensor is read is in order. */
  default void planned(PlannedMerge plan) {}

  /** Something that a user should know, though nothing is wrong. */
  default void noticed(String notice) {}

  /**
   * The merge goes on with what another one left, which may have died, or be slow.
   *
   * @param holder who that was, as far as is known
   */
  default void tookOver(String holder) {}

  /**
   * Output files of an earlier merge are there and are kept.
   *
   * @param files how many
   * @param of how many there are to be
   * @param bytes of those that are there
   */
  default void resumed(int files, int of, long bytes) {}

  /** A candidate of a soup or of a search was scored, or could not be. */
  default void tried(Tried candidate) {}

  /**
   * Trials are over, and the merge of the best begins.
   *
   * @param what it is, in words
   * @param recipe that makes it, as YAML
   */
  default void chosen(String what, String recipe) {}

  /**
   * More of the inputs is looked at, before the output is made. Methods that want several scans
   * begin each at 0; most want none.
   *
   * @param bytes so far, of this scan
   * @param of how many there are to be
   */
  default void scanned(long bytes, long of) {}

  /**
   * More of the output is made, or, of a checkpoint that is verified, read.
   *
   * @param bytes so far, of tensors and headers
   * @param of how many there are to be
   */
  default void progressed(long bytes, long of) {}

  /**
   * An output file is whole, though nobody sees it yet.
   *
   * @param file its name
   */
  default void shardFinished(String file, long bytes) {}

  /**
   * A stage that is written before the merge that takes it is there.
   *
   * @param name of the stage
   */
  default void staged(String name, MergeOutcome outcome) {}

  /** The output is visible. */
  default void published(MergeOutcome outcome) {}

  /** The merge failed after it had begun to write; the exception follows. */
  default void stopped(Leftovers leftovers) {}
}
