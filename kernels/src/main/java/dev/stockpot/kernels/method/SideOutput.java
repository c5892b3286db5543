package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;

/**
 * A checkpoint that a method makes beside the merged one: of every merged tensor another, of the
 * same name and shape, for example the momentum of an outer optimizer.
 *
 * @param name the word that tells it from others, for example {@code m}
 * @param type of all its tensors
 * @param meaning one sentence for a person who finds it
 */
public record SideOutput(String name, DType type, String meaning) {
  public SideOutput {
    requireNonNull(name, "name is null");
    requireNonNull(meaning, "meaning is null");
    if (!type.isReadable()) {
      throw new IllegalArgumentException(
          "side output %s is %s, which kernels cannot store".formatted(name, type));
    }
  }
}
