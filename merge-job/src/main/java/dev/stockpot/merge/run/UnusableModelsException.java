package dev.stockpot.merge.run;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import java.util.List;

/** Models of a recipe cannot be used. The message has a line or more for each. */
final class UnusableModelsException extends UserException {
  private static final long serialVersionUID = 1;

  UnusableModelsException(List<String> problems) {
    super(String.join("\n", problems));
  }

  @Override
  public FailureKind kind() {
    return FailureKind.MODEL;
  }
}
