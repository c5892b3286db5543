package dev.stockpot.merge.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine;

/** What a command says: results on standard output, progress and notices on standard error. */
final class Console {
  private static final long MEGABYTE = 1_000_000;
  private static final int UPDATE_MILLIS = 200;

  /** The launcher knows; Java does not, in a way that holds for all its releases. */
  private static final boolean IS_TERMINAL = System.getenv("STOCKPOT_TERMINAL") != null;

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean quiet;

  Console(CommandLine command, boolean quiet) {
    this.out = command.getOut();
    this.err = command.getErr();
    this.quiet = quiet;
  }

  void say(String line) {
    if (!quiet) {
      out.println(line);
    }
  }

  void notice(String line) {
    if (!quiet) {
      err.println("Note: " + line);
    }
  }

  /** Progress through that many bytes: a bar on a terminal, a line now and then elsewhere. */
  Progress progress(String task, long bytes) {
    if (quiet) {
      return Progress.NONE;
    }
    return IS_TERMINAL ? bar(task, bytes) : ProgressLines.ticking(err, task, bytes);
  }

  private static Progress bar(String task, long bytes) {
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(bytes)
            .setUnit(" MB", MEGABYTE)
            .showSpeed()
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .build();
    StopSignals.hearAgain();
    return new Bar(bar);
  }

  /** How far something is, shown somewhere. */
  interface Progress extends AutoCloseable {
    /** Shows nothing. */
    Progress NONE = bytes -> {};

    void add(long bytes);

    @Override
    default void close() {}
  }

  private record Bar(ProgressBar bar) implements Progress {
    @Override
    public void add(long bytes) {
      bar.stepBy(bytes);
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
