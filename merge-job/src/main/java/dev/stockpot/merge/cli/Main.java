package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.kernels.methods.MethodRefusedException;
import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.SparkRelease;
import dev.stockpot.merge.run.MergeStoppedException;
import dev.stockpot.merge.run.StorageException;
import dev.stockpot.merge.storage.CommitStateUnknownException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point, of {@code ./stockpot} and of {@code spark-submit} alike. */
@Command(
    name = "stockpot",
    description = "Merges model checkpoints too large for one machine.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:wrong use, or a recipe with problems",
      "130, 143:stopped by Ctrl-C, or by the signal TERM"
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Which command? " + String.join(", ", spec.subcommands().keySet()));
  }

  /**
   * Runs a command line; ends the JVM only to tell a failure, because YARN takes a driver that
   * exits by itself, even with code 0, for one that failed.
   */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, UTF_8), true);
    PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, UTF_8), true);
    try {
      SparkRelease.requireNewEnough();
    } catch (UserException e) {
      err.println(e.getMessage());
      System.exit(CommandLine.ExitCode.SOFTWARE);
    }
    StopSignals signals = StopSignals.heard(err);
    int code = signals.exitCode(run(args, out, err, signals));
    if (code != CommandLine.ExitCode.OK) {
      System.exit(code);
    }
  }

  /** Runs a command line and gives its exit code. */
  static int run(String[] args, PrintWriter out, PrintWriter err) {
    return run(args, out, err, StopSignals.none());
  }

  private static int run(String[] args, PrintWriter out, PrintWriter err, StopSignals signals) {
    PrintWriter discreet = DiscreetWriter.to(err);
    try {
      return Commands.of(args)
          .setOut(DiscreetWriter.to(out))
          .setErr(discreet)
          .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF)) // no such characters come through
          .setCaseInsensitiveEnumValuesAllowed(true)
          .setExecutionExceptionHandler(
              (failure, command, arguments) -> explain(failure, command.getErr(), signals))
          .execute(args);
    } catch (StackOverflowError | OutOfMemoryError e) {
      discreet.println(Exhausted.of(e).orElseThrow());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** A user's fault is explained; a fault of ours shows where it is. */
  private static int explain(Exception failure, PrintWriter err, StopSignals signals) {
    Optional<String> stopped = signals.sentence().filter(how -> isCleanedUp(failure));
    try {
      throw failure;
    } catch (MergeStoppedException e) {
      err.println(
          stopped.map(how -> how + ": " + leftovers(e)).orElse(e.reason() + "\n" + leftovers(e)));
      return exitCode(e);
    } catch (UserException e) {
      err.println(stopped.map(Main::nothingLeft).orElse(e.getMessage()));
      return exitCode(e);
    } catch (MethodRefusedException e) {
      err.println(e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    } catch (IOException e) {
      err.println(stopped.map(Main::nothingLeft).orElse(StorageException.of(e).getMessage()));
      return CommandLine.ExitCode.SOFTWARE;
    } catch (Exception e) {
      if (stopped.isPresent()) { // whatever it broke on the way
        err.println(nothingLeft(stopped.get()));
        return CommandLine.ExitCode.SOFTWARE;
      }
      Optional<String> exhausted = Exhausted.of(e);
      if (exhausted.isPresent()) {
        err.println(exhausted.get());
        return CommandLine.ExitCode.SOFTWARE;
      }
      err.println(
          "This is a fault of Stockpot (%s). Please report it with the lines below."
              .formatted(Versions.stockpot()));
      e.printStackTrace(err);
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** Whether there is no more to tell of a merge that was stopped than that it was. */
  private static boolean isCleanedUp(Exception failure) {
    boolean isCleanedUp = failure.getSuppressed().length == 0;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      isCleanedUp &= !(cause instanceof CommitStateUnknownException);
    }
    return isCleanedUp;
  }

  private static String nothingLeft(String stopped) {
    return stopped + ": nothing of it is left";
  }

  private static String leftovers(MergeStoppedException failure) {
    String output = failure.output();
    return failure
        .leftovers()
        .match(
            () -> "Nothing is kept of it",
            kept ->
                "%s of %s shards are kept: merge again with --resume, or give them up: stockpot discard %s"
                    .formatted(kept.finished(), kept.of(), output),
            taken -> "%s was taken over by another merge (%s)".formatted(output, taken.by()));
  }

  private static int exitCode(UserException failure) {
    return failure.kind() == FailureKind.RECIPE
        ? CommandLine.ExitCode.USAGE
        : CommandLine.ExitCode.SOFTWARE;
  }
}
