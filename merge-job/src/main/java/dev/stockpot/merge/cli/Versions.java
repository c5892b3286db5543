package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.Stockpot;
import picocli.CommandLine.IVersionProvider;

/** What is running. */
final class Versions implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "stockpot " + Stockpot.version(),
      "Java %s (%s)"
          .formatted(System.getProperty("java.version"), System.getProperty("java.vendor"))
    };
  }
}
