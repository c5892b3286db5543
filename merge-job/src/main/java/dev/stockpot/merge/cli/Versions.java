package dev.stockpot.merge.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What is running. */
final class Versions implements IVersionProvider {
  /** Of Stockpot; {@code development} outside of its jar. */
  static String stockpot() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("development");
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
