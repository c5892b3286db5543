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
}
