package dev.stockpot.merge.cli;

import picocli.CommandLine.Option;

/** Whether a result is printed for a program; docs/schemas says what it looks like. */
final class JsonOption {
  @Option(
      names = "--json",
      description = "Print the result as one line of JSON; docs/schemas has its schema.")
  private boolean json;

  boolean isGiven() {
    return json;
  }
}
