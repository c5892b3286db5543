package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.Stockpot;
import picocli.CommandLine.IVersionProvider;

/** What is running. */
final class Versions implements IVersionProvider {
  /** {@code 0.2.0 (b1f672d27a3c)}, as one would name it in a report. */
  static String stockpot() {
    return Stockpot.version() + Stockpot.commit().map(" (%s)"::formatted).orElse("");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "stockpot " + stockpot(),
      "Java %s (%s)"
          .formatted(System.getProperty("java.version"), System.getProperty("java.vendor"))
    };
  }
}
