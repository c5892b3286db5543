package dev.stockpot.merge.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code stockpot}. Its subcommands are still to come. */
@Command(
    name = "stockpot",
    mixinStandardHelpOptions = true,
    version = "stockpot 0.1.0",
    description = "Merges model checkpoints that are too large for one machine.")
public final class Main implements Runnable {
  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
