package dev.stockpot.merge.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.LongSupplier;

/**
 * How far something is where there is no terminal, as in the log of a scheduler: a line every half
 * a minute, also while nothing ends, and none of what is over sooner.
 */
final class ProgressLines implements Console.Progress {
  private static final long NANOS_BETWEEN = Duration.ofSeconds(30).toNanos();
  private static final long MILLIS_BETWEEN_LOOKS = 5_000;
  private static final double NANOS = 1e9;

  private final PrintWriter err;
  private final String task;
  private final long of;
  private final LongSupplier nanoTime;
  private final long begun;
  private long told;
  private long done;
  private boolean isFirst = true;
  private long resumed;

  /**
   * @param of bytes in all
   * @param nanoTime as {@link System#nanoTime} has it
   */
  ProgressLines(PrintWriter err, String task, long of, LongSupplier nanoTime) {
    this.err = err;
    this.task = task;
    this.of = of;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
    this.told = begun;
  }

  /** Lines that a clock keeps coming until they are closed. */
  static Console.Progress ticking(PrintWriter err, String task, long of) {
    ProgressLines lines = new ProgressLines(err, task, of, System::nanoTime);
    Timer clock = new Timer("progress", /* isDaemon= */ true);
    clock.schedule(
        new TimerTask() {
          @Override
          public void run() {
            lines.tick();
          }
        },
        MILLIS_BETWEEN_LOOKS,
        MILLIS_BETWEEN_LOOKS);
    return new Ticking(lines, clock);
  }

  @Override
  public synchronized void add(long bytes) {
    done += bytes;
    if (isFirst) {
      isFirst = false;
      resumed = bytes; // of a merge before, which took no time now
    }
    tick();
  }

  /** Time went on. */
  synchronized void tick() {
    long now = nanoTime.getAsLong();
    if (now - told >= NANOS_BETWEEN) {
      told = now;
      err.println(line((now - begun) / NANOS));
    }
  }

  /** {@code Merging: 45 % of 12.3 GB, 210.0 MB/s, about 32 s left}. */
  private String line(double seconds) {
    double rate = (done - resumed) / seconds;
    String left = rate > 0 ? ", about %s left".formatted(time((of - done) / rate)) : "";
    return "%s: %s %% of %s, %s%s"
        .formatted(
            task,
            of > 0 ? Math.min(100, 100 * done / of) : 100,
            Sizes.bytes(of),
            Sizes.rate(done - resumed, seconds),
            left);
  }

  /** {@code 32 s}, {@code 5 min}, {@code 2 h 5 min}. */
  static String time(double seconds) {
    long whole = Math.max(1, Math.round(seconds));
    if (whole < 120) {
      return whole + " s";
    }
    long minutes = Math.round(whole / 60.0);
    return minutes < 120 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
  }

  private record Ticking(ProgressLines lines, Timer clock) implements Console.Progress {
    @Override
    public void add(long bytes) {
      lines.add(bytes);
    }

    @Override
    public void close() {
      clock.cancel();
    }
  }
}
