package dev.stockpot.merge.part;

import java.io.Serializable;

/**
 * Where the time of a task went, and what it moved.
 *
 * @param reading nanoseconds spent waiting for input
 * @param merging nanoseconds spent in kernels
 * @param writing nanoseconds spent handing over output
 */
public record PartTimes(long reading, long merging, long writing, long bytesRead, long bytesWritten)
    implements Serializable {
  public static final PartTimes NONE = new PartTimes(0, 0, 0, 0, 0);

  public PartTimes plus(PartTimes other) {
    return new PartTimes(
        reading + other.reading,
        merging + other.merging,
        writing + other.writing,
        bytesRead + other.bytesRead,
        bytesWritten + other.bytesWritten);
  }
}
