package dev.stockpot.merge.run;

import java.util.Optional;

/** Which Stockpot this is. */
final class BuildVersion {
  private BuildVersion() {}

  /** As its jar tells; {@code development} outside of it. */
  static String stockpot() {
    return Optional.ofNullable(BuildVersion.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
