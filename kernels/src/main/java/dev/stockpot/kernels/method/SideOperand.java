package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

/**
 * A side input that is there: one operand behind those of the models.
 *
 * @param name of the {@link SideInput}
 * @param model place of the model that it belongs to; empty if it belongs to the merge
 */
public record SideOperand(String name, OptionalInt model) {
  public SideOperand {
    requireNonNull(name, "name is null");
    requireNonNull(model, "model is null");
  }

  /** That of one model. */
  public static SideOperand of(SideInput input, int model) {
    return new SideOperand(input.name(), OptionalInt.of(model));
  }

  /** That of the whole merge. */
  public static SideOperand of(SideInput input) {
    return new SideOperand(input.name(), OptionalInt.empty());
  }
}
