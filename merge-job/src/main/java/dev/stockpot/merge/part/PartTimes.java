package dev.stockpot.merge.part;

import java.io.Serializable;

/**
 * Where the time of tasks went, and what they moved. A task waits, merges or writes; what it reads
 * ahead is read meanwhile, and so is most of what it uploads uploaded.
 *
 * @param reading nanoseconds of reads, those that run side by side added up
 * @param waiting nanoseconds spent waiting for input: what reading ahead did not hide
 * @param merging nanoseconds spent in kernels
 * @param writing nanoseconds spent handing over output and waiting until it was stored
 */
public record PartTimes(
    long reading, long waiting, long merging, long writing, long bytesRead, long bytesWritten)
    implements Serializable {
  public static final PartTimes NONE = new PartTimes(0, 0, 0, 0, 0, 0);

  public PartTimes plus(PartTimes other) {
    return new PartTimes(
        reading + other.reading,
        waiting + other.waiting,
        merging + other.merging,
        writing + other.writing,
        bytesRead + other.bytesRead,
        bytesWritten + other.bytesWritten);
  }

  /** Nanoseconds that the tasks took. */
  public long busy() {
    return waiting + merging + writing;
  }

  /**
   * A share of them, for one of several that were made at once. All shares add up to the whole.
   *
   * @param place of the share
   * @param of how many there are
   */
  public PartTimes share(int place, int of) {
    return new PartTimes(
        share(reading, place, of),
        share(waiting, place, of),
        share(merging, place, of),
        share(writing, place, of),
        share(bytesRead, place, of),
        share(bytesWritten, place, of));
  }

  private static long share(long value, int place, int of) {
    return value * (place + 1) / of - value * place / of;
  }
}
