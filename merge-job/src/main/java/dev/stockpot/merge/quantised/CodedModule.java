package dev.stockpot.merge.quantised;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.TensorSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Whether codes of its kind can be read as numbers, if they lie as their quantiser says. */
  public boolean isReadable() {
    return coding.isReadable();
  }

  /**
   * The numbers that its codes stand for, in float32, by the names that they have without
   * quantisation.
   *
   * @param tensors of its model
   * @param config what the model's configuration says, values by dotted path
   * @return empty if they cannot be told
   */
  public Optional<Map<String, TensorSource>> numbers(
      Map<String, ? extends TensorSource> tensors, Map<String, String> config) {
    CodeReader reader = new CodeReader(this, tensors, new Quantiser(config));
    try {
      return coding.numbers(reader);
    } catch (IllegalArgumentException e) { // shapes or types that such codes do not have
      return Optional.empty();
    }
  }

  /** Whether its codes are FP8 numbers. */
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
