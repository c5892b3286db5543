package dev.stockpot.merge.quantised;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;

/**
 * A module whose weights are codes. They only mean something together with all of its companions.
 *
 * @param prefix of its tensors' names, with its dot
 * @param codes names of the tensors that hold codes
 * @param companions names of scales, zero points and what else is needed to read the codes
 */
public record CodedModule(
    String prefix, Coding coding, List<String> codes, List<String> companions) {
  public CodedModule {
    requireNonNull(prefix, "prefix is null");
    requireNonNull(coding, "coding is null");
    codes = List.copyOf(codes);
    companions = List.copyOf(companions);
    if (codes.isEmpty()) {
      throw new IllegalArgumentException("%s has no codes".formatted(prefix));
    }
  }

  /** All that must stay together. */
  public List<String> tensors() {
    return Stream.concat(codes.stream(), companions.stream()).toList();
  }

  /** Whether its codes are FP8 numbers, which a merge can read once they are scaled. */
  public boolean isFloat8() {
    return coding == Coding.FLOAT8;
  }

  /** How its weights are stored, as messages name it. */
  public String codingWords() {
    return coding.toString();
  }

  /** What a remedy names, with its package. */
  public String dequantiser() {
    return coding.dequantiser();
  }
}
