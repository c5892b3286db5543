package dev.stockpot.merge.run;

import java.util.Optional;

/** Which Stockpot this is. */
public final class BuildVersion {
  private BuildVersion() {}

  /** As its jar tells; {@code development} outside of it. */
  public static String stockpot() {
    return Optional.ofNullable(BuildVersion.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
