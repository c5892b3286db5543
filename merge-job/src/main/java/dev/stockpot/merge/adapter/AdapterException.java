package dev.stockpot.merge.adapter;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import java.util.List;

/** An adapter cannot be baked into its base. The message has one line for each problem. */
final class AdapterException extends UserException {
  private static final long serialVersionUID = 1;

  AdapterException(Location folder, List<String> problems) {
    super("Adapter %s cannot be used:\n- %s".formatted(folder, String.join("\n- ", problems)));
  }

  @Override
  public FailureKind kind() {
    return FailureKind.MODEL;
  }
}
