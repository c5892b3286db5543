package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import java.util.List;

/** A folder holds no checkpoint that can be used. The message has one line for each problem. */
final class CheckpointException extends UserException {
  private static final long serialVersionUID = 1;

  CheckpointException(Location folder, List<String> problems) {
    super("Checkpoint %s cannot be used:\n- %s".formatted(folder, String.join("\n- ", problems)));
  }

  @Override
  public FailureKind kind() {
    return FailureKind.MODEL;
  }
}
