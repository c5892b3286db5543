package dev.stockpot.merge.engine;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;

/** A task failed of something that no other try would change. */
final class HopelessException extends UserException {
  private static final long serialVersionUID = 1;

  private final FailureKind kind;

  HopelessException(String message, FailureKind kind) {
    super(message);
    this.kind = requireNonNull(kind, "kind is null");
  }

  @Override
  public FailureKind kind() {
    return kind;
  }
}
